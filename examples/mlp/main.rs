//! A network with two hidden layers that learns to tell two spirals apart.
//!
//! `cargo run --release --example mlp [folder]` makes the points, trains on half of them, and writes two pictures into
//! the folder (`target/mlp` unless another is named): `loss.svg`, how the loss fell, and `boundary.svg`, which spiral the
//! network takes each point of the plane for. It fails when fewer than 97 of 100 unseen points are told right.

mod network;
mod pictures;

use std::error::Error;
use std::f64::consts::TAU;
use std::path::PathBuf;

use autodiff::optim::{Adam, Optimizer};
use autodiff::{Tensor, no_grad};
use indicatif::{ProgressBar, ProgressStyle};
use rand::SeedableRng;
use rand::rngs::StdRng;

use network::Network;

const EPOCHS: u64 = 600;
const POINTS: usize = 400;
const TURNS: f64 = 1.75;

/// Points in the plane, and which of the two spirals each belongs to, 0 or 1.
pub struct Samples {
    /// One row of two coordinates for each.
    pub points: Tensor,
    /// One number for each.
    pub labels: Tensor,
}

impl Samples {
    /// `count` points at random on two spirals that wind around each other, a little off them.
    fn new(count: usize, rng: &mut StdRng) -> Self {
        let along = Tensor::<f64>::rand(&[count], rng).sqrt();
        let labels = Tensor::from_vec((0..count).map(|i| (i % 2) as f64).collect(), &[count])
            .expect("there is a label for each point");
        let angle = &along * (TURNS * TAU) + &labels * (TAU / 2.0);
        let points = Tensor::stack(&[&(&along * angle.cos()), &(&along * angle.sin())], 1);
        let noise = Tensor::randn(&[count, 2], rng) * 0.01;
        Self {
            points: points + noise,
            labels,
        }
    }

    /// The share of points that the network tells right.
    fn accuracy(&self, network: &Network) -> f64 {
        let taken = no_grad(|| network.forward(&self.points)).gt(0.0);
        let right = taken.eq_elements(&self.labels.gt(0.5));
        right.to_number::<f64>().mean().item()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("target/mlp".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let mut rng = StdRng::seed_from_u64(1);
    let (seen, unseen) = (
        Samples::new(POINTS, &mut rng),
        Samples::new(POINTS, &mut rng),
    );
    let network = Network::new(&[2, 32, 32, 1], &mut rng);
    let mut optimizer = Adam::new(&network.parameters(), 0.01);

    let style = "{bar:40} {pos}/{len} epochs, {msg}, {elapsed}";
    let bar = ProgressBar::new(EPOCHS).with_style(ProgressStyle::with_template(style)?);
    let mut losses = Vec::new();
    for epoch in 0..EPOCHS {
        optimizer.set_rate(0.01 * (1.0 - epoch as f64 / EPOCHS as f64));
        optimizer.zero_grad();
        let loss = network
            .forward(&seen.points)
            .bce_with_logits_loss(&seen.labels);
        loss.backward()?;
        optimizer.step();
        losses.push(loss.item());
        bar.set_message(format!("loss {:.4}", loss.item()));
        bar.inc(1);
    }
    bar.finish();

    let last = losses.last().copied().unwrap_or(f64::NAN);
    println!("loss after {EPOCHS} epochs: {last:.4}");
    let [learnt, general] = [&seen, &unseen].map(|samples| samples.accuracy(&network));
    println!(
        "told right: {:.1} % of the points seen, {:.1} % of others",
        100.0 * learnt,
        100.0 * general
    );
    for (name, drawn) in [
        (
            "loss.svg",
            pictures::losses(&folder.join("loss.svg"), &losses),
        ),
        (
            "boundary.svg",
            pictures::boundary(&folder.join("boundary.svg"), &network, &unseen),
        ),
    ] {
        drawn?;
        println!("drawn: {}", folder.join(name).display());
    }
    if general < 0.97 {
        return Err(format!("only {:.1} % told right", 100.0 * general).into());
    }
    Ok(())
}
