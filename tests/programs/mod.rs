//! The programs by field. Each file is one program: its functions call each other, and each is checked on its own too.

use super::checked;

mod black_scholes;
mod gaussian_process;
mod kalman;
mod logistic_regression;
mod n_body;
mod neural_network;
mod pendulum;
mod spectral_loss;
