//! The programs by field. Each file is one program: its functions call each other, and each is checked on its own too.

use super::{checked, twinned};

mod beam;
mod black_scholes;
mod epidemic;
mod garch;
mod gaussian_process;
mod heat_equation;
mod hidden_markov;
mod kalman;
mod lens_design;
mod log_posterior;
mod logistic_regression;
mod n_body;
mod neural_network;
mod optimal_control;
mod pendulum;
mod pharmacokinetics;
mod portfolio;
mod ray_tracing;
mod robot_arm;
mod spectral_loss;
mod spline;
