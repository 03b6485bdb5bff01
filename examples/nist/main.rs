//! Fits the 27 certified data sets for nonlinear regression of NIST (Statistical Reference Datasets, StRD) with
//! Levenberg-Marquardt, where `#[differentiable]` above each model is all that was done for the Jacobian.
//!
//! ```text
//! cargo run --release --example nist
//! ```

mod data;
mod fit;
mod models;
mod report;
mod sets;

fn main() {
    println!(
        "NIST StRD nonlinear regression: digits that agree with the certified values (11 at most)"
    );
    println!(
        "in the worst parameter (b), the worst standard deviation (sd) and the residual sum of"
    );
    println!(
        "squares (rss), and evaluations of the residuals. First step within the start's own length.\n"
    );
    let outcomes = sets::fit_all(1.0);
    println!("{}", report::table(&outcomes));
    println!("{}", report::summary(&outcomes));
    print!("With the solver's default, a first step of up to 100 times that length: ");
    print!("{}", report::summary(&sets::fit_all(100.0)));
}
