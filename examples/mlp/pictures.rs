//! The pictures, as SVG.

use std::error::Error;
use std::path::Path;

use autodiff::{Tensor, no_grad};
use plotters::prelude::*;

use crate::Samples;
use crate::network::Network;

/// How many cells of colour a side of the plane has.
const CELLS: usize = 80;
/// The plane that is shown reaches from minus this to this.
const REACH: f64 = 1.15;

/// How the loss fell, on a logarithmic scale.
pub fn losses(path: &Path, losses: &[f64]) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (640, 400)).into_drawing_area();
    area.fill(&WHITE)?;
    let (least, greatest) = losses
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(a, b), &v| (a.min(v), b.max(v)));
    let mut chart = ChartBuilder::on(&area)
        .margin(10)
        .x_label_area_size(35)
        .y_label_area_size(55)
        .build_cartesian_2d(0..losses.len(), (least * 0.8..greatest * 1.2).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc("loss")
        .draw()?;
    let points = losses.iter().copied().enumerate();
    chart.draw_series(LineSeries::new(points, &BLUE))?;
    area.present()?;
    Ok(())
}

/// Which spiral the network takes each point of the plane for, and the samples.
pub fn boundary(path: &Path, network: &Network, samples: &Samples) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (520, 520)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(10)
        .x_label_area_size(25)
        .y_label_area_size(40)
        .build_cartesian_2d(-REACH..REACH, -REACH..REACH)?;
    chart.configure_mesh().disable_mesh().draw()?;
    let side = 2.0 * REACH / CELLS as f64;
    let corners: Vec<[f64; 2]> = (0..CELLS * CELLS)
        .map(|i| [i / CELLS, i % CELLS].map(|cell| cell as f64 * side - REACH))
        .collect();
    let odds = no_grad(|| network.forward(&(autodiff::tensor(corners.clone()) + side / 2.0)));
    let cells = corners.iter().zip(odds.sigmoid().to_vec());
    chart.draw_series(cells.map(|(&[x, y], second)| {
        let mix = |a: f64, b: f64| (a + (b - a) * second) as u8;
        let colour = RGBColor(mix(250.0, 170.0), mix(205.0, 200.0), mix(150.0, 250.0));
        Rectangle::new([(x, y), (x + side, y + side)], colour.filled())
    }))?;
    let columns: Vec<Tensor> = samples.points.unbind(1);
    let places = columns[0].to_vec().into_iter().zip(columns[1].to_vec());
    chart.draw_series(places.zip(samples.labels.to_vec()).map(|(place, label)| {
        let colour = if label > 0.5 {
            BLUE
        } else {
            RGBColor(200, 90, 0)
        };
        Circle::new(place, 2, colour.filled())
    }))?;
    area.present()?;
    Ok(())
}
