//! The four objectives of ADBench against reference derivatives.

// The bodies are written as people write loops over indices, whatever clippy would have had instead.
#![allow(clippy::needless_range_loop, clippy::too_many_arguments)]

#[path = "adbench/idiomatic.rs"]
mod idiomatic;
#[path = "adbench/plain.rs"]
mod plain;
#[path = "adbench/reference.rs"]
mod reference;

use reference::Case;

fn gmm(case: &Case) {
    let [alphas, means, icf, x] = ["alphas", "means", "icf", "x"].map(|name| case.numbers(name));
    let (d, gamma, m) = (
        case.count("d"),
        case.number("wishart_gamma"),
        case.count("wishart_m"),
    );
    let (value, (a, b, c)) = plain::gmm::value_and_gradient(&alphas, &means, &icf, &x, d, gamma, m);
    case.agree("objective", &[value]);
    case.agree("gradient", &[a, b, c].concat());
    let mixture = idiomatic::Mixture {
        alphas,
        means,
        factors: icf,
    };
    let (value, of) = idiomatic::gmm::value_and_gradient(&mixture, &x, d, gamma, m);
    case.agree("objective", &[value]);
    case.agree("gradient", &[of.alphas, of.means, of.factors].concat());
}

fn lstm(case: &Case) {
    let [main, extra, state, sequence] =
        ["main_params", "extra_params", "state", "sequence"].map(|name| case.numbers(name));
    let (layers, width) = (case.count("l"), case.count("b"));
    let (value, (a, b)) =
        plain::lstm::value_and_gradient(&main, &extra, &state, &sequence, layers, width);
    case.agree("objective", &[value]);
    case.agree("gradient", &[a, b].concat());
    let (value, (a, b)) =
        idiomatic::lstm::value_and_gradient(&main, &extra, &state, &sequence, width);
    case.agree("objective", &[value]);
    case.agree("gradient", &[a, b].concat());
}

fn bundle_adjustment(case: &Case) {
    let [cameras, points, weights, features] =
        ["cams", "X", "w", "feats"].map(|name| case.numbers(name));
    let observations = case.counts("obs");
    let (mut errors, mut blocks, mut of_weights) = (Vec::new(), Vec::new(), Vec::new());
    let (mut same_errors, mut same_blocks) = (Vec::new(), Vec::new());
    for (i, pair) in observations.chunks(2).enumerate() {
        let camera = cameras[11 * pair[0]..].first_chunk().unwrap();
        let point = points[3 * pair[1]..].first_chunk().unwrap();
        let feature = features[2 * i..].first_chunk().unwrap();
        errors.extend(plain::reprojection(camera, point, weights[i], feature));
        let jacobian = plain::reprojection::jacobian(camera, point, weights[i], feature);
        blocks.extend_from_slice(jacobian.as_slice());
        let camera = idiomatic::Camera::of(camera);
        let error = idiomatic::reprojection(&camera, point, weights[i], feature);
        same_errors.extend(error);
        let jacobian = idiomatic::reprojection::jacobian(&camera, point, weights[i], feature);
        same_blocks.extend_from_slice(jacobian.as_slice());
        of_weights.push(plain::weight_error::value_and_gradient(weights[i]));
    }
    let (weight_errors, slopes): (Vec<f64>, Vec<f64>) = of_weights.into_iter().unzip();
    case.agree("reproj_err", &errors);
    case.agree("jacobian_blocks", &blocks);
    case.agree("reproj_err", &same_errors);
    case.agree("jacobian_blocks", &same_blocks);
    case.agree("w_err", &weight_errors);
    case.agree("w_err_jacobian", &slopes);
}

fn hand(case: &Case) {
    let [relatives, inverses, positions, points] = [
        "base_relatives",
        "inverse_base_absolutes",
        "base_positions",
        "points",
    ]
    .map(|name| case.numbers(name));
    let parents: Vec<i64> = case.numbers("parents").iter().map(|&p| p as i64).collect();
    let weights: Vec<(usize, usize, f64)> = case
        .counts("weights_bone")
        .into_iter()
        .zip(case.counts("weights_vertex"))
        .zip(case.numbers("weights_value"))
        .map(|((bone, vertex), value)| (bone, vertex, value))
        .collect();
    let (us, triangles) = (case.numbers("us"), case.counts("triangles"));
    let theta = *case.numbers("theta").first_chunk().unwrap();
    let correspondences = case.counts("correspondences");
    let mirrored = case.count("is_mirrored") == 1;
    let errors = plain::hand(
        &us,
        &theta,
        &parents,
        &relatives,
        &inverses,
        &positions,
        &weights,
        mirrored,
        &triangles,
        &correspondences,
        &points,
    );
    case.agree("objective", &errors);
    let jacobian = plain::hand::jacobian(
        &us,
        &theta,
        &parents,
        &relatives,
        &inverses,
        &positions,
        &weights,
        mirrored,
        &triangles,
        &correspondences,
        &points,
    );
    let mut columns = Vec::new();
    if !us.is_empty() {
        // The reference has one pair of columns for the pairs of all points, each of which moves its own point alone.
        for k in 0..2 {
            columns.extend((0..errors.len()).map(|row| jacobian[(row, 2 * (row / 3) + k)]));
        }
        for row in 0..errors.len() {
            let others = (0..us.len()).filter(|column| column / 2 != row / 3);
            assert!(
                others
                    .into_iter()
                    .all(|column| jacobian[(row, column)] == 0.0)
            );
        }
    }
    for column in us.len()..us.len() + theta.len() {
        columns.extend((0..errors.len()).map(|row| jacobian[(row, column)]));
    }
    case.agree("jacobian", &columns);
}

#[test]
fn the_objectives_and_their_derivatives_are_those_of_the_reference() {
    let cases = reference::all();
    assert_eq!(cases.len(), 10);
    for case in &cases {
        match case.problem() {
            "gmm" => gmm(case),
            "lstm" => lstm(case),
            "ba" => bundle_adjustment(case),
            "hand" => hand(case),
            other => panic!("{other} is no objective of ADBench"),
        }
    }
}
