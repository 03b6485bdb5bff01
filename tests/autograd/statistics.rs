//! Values of reductions and normalisations, and of random tensors.

use autodiff::{RunningStatistics, Tensor, tensor};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::support::{close, slope};

#[test]
fn random_tensors_follow_their_seed_and_their_distribution() {
    let normal = |seed| Tensor::<f64>::randn(&[100, 101], &mut StdRng::seed_from_u64(seed));
    assert_eq!(normal(3), normal(3));
    assert_ne!(normal(3), normal(4));
    let x = normal(3);
    // Standard errors: 0.01 for the mean, 0.014 for the variance, 0.049 for the fourth moment.
    assert!(x.mean().item().abs() < 0.04);
    assert!((x.var(&[], 1, false).item() - 1.0).abs() < 0.06);
    assert!((x.powi(4).mean().item() - 3.0).abs() < 0.4);
    let uniform = Tensor::<f32>::rand(&[10_000], &mut StdRng::seed_from_u64(3));
    assert!(uniform.ge(0.0).all().item() && uniform.lt(1.0).all().item());
    assert!((uniform.mean().item() - 0.5).abs() < 0.012);
    assert!((uniform.var(&[], 1, false).item() - 1.0 / 12.0).abs() < 0.004);
}

#[test]
fn batches_are_normalised_by_their_own_statistics_or_by_running_ones() {
    let x = tensor([[[1.0, 2.0], [0.0, 4.0]], [[3.0, 6.0], [8.0, 4.0]]]);
    let (weight, bias) = (tensor([2.0, 1.0]), tensor([0.5, 0.0]));
    let mut statistics = RunningStatistics::new(2);
    let trained = x.batch_norm_training(&mut statistics, Some(&weight), Some(&bias), 1e-5);
    assert_eq!(trained, x.batch_norm(Some(&weight), Some(&bias), 1e-5));
    // Channel 0 is 1, 2, 3, 6: mean 3, squares of differences 14; channel 1 is 0, 4, 8, 4: mean 4, squares 32.
    close(statistics.mean(), &tensor([0.3, 0.4]));
    close(
        statistics.variance(),
        &tensor([0.9 + 0.1 * 14.0 / 3.0, 0.9 + 0.1 * 32.0 / 3.0]),
    );
    let evaluated = x.batch_norm_evaluating(&statistics, Some(&weight), Some(&bias), 0.0);
    let deviation = (0.9_f64 + 0.1 * 14.0 / 3.0).sqrt();
    close(
        &evaluated.select(1, 0),
        &((x.select(1, 0) - 0.3) / deviation * 2.0 + 0.5),
    );
    // A sample by itself: its value does not depend on the batch.
    let alone = x
        .narrow(0, 0, 1)
        .batch_norm_evaluating(&statistics, None, None, 0.0);
    let among = x
        .batch_norm_evaluating(&statistics, None, None, 0.0)
        .narrow(0, 0, 1);
    assert_eq!(alone, among);
    for wrong in [
        tensor([1.0]).try_batch_norm(None, None, 0.0),
        x.try_batch_norm(Some(&tensor(1.0)), None, 0.0),
        x.try_batch_norm_evaluating(&RunningStatistics::new(3), None, None, 0.0),
        tensor([[1.0, 2.0]]).try_batch_norm_training(&mut statistics, None, None, 0.0),
    ] {
        assert!(wrong.is_err());
    }
}

#[test]
fn extremes_are_not_a_number_as_soon_as_an_element_is_not() {
    let x = tensor([[1.0, f64::NAN], [3.0, 4.0]]);
    let nan = |x: &Tensor| x.is_nan().to_vec();
    assert!(x.max().item().is_nan() && x.min().item().is_nan());
    assert_eq!(nan(&x.amax(&[1], false)), [true, false]);
    assert_eq!(nan(&x.amin(&[0], false)), [false, true]);
    let (values, indices) = x.max_dim(1, false);
    assert_eq!((nan(&values), indices), (vec![true, false], tensor([1, 1])));
    assert_eq!(nan(&x.median(1, false).0), [true, false]);
    for other in [tensor(2.0), tensor(f64::NAN)] {
        let both = other.item().is_nan();
        let expected = [both, true, both, both];
        assert_eq!(nan(&x.maximum(&other)), expected);
        assert_eq!(nan(&other.minimum(&x)), expected);
    }
    assert_eq!(nan(&x.clamp(0.0, 2.0)), [false, true, false, false]);
    assert_eq!(nan(&x.relu()), [false, true, false, false]);
    // Numbers are those of Rust.
    assert_eq!(f64::NAN.max(1.0), 1.0);
}

#[test]
fn integers_have_extremes_orders_and_products_too() {
    let x = tensor([[3, 1, 2], [9, 7, 8]]);
    assert_eq!((x.max(), x.min()), (tensor(9), tensor(1)));
    assert_eq!(x.amax(&[0], true), tensor([[9, 7, 8]]));
    assert_eq!(x.argmin(1, false), tensor([1, 1]));
    assert_eq!(x.sort(1, true).0, tensor([[3, 2, 1], [9, 8, 7]]));
    assert_eq!(x.topk(1, 1, false).0, tensor([[1], [7]]));
    assert_eq!(x.prod_dim(1, false), tensor([6, 504]));
    assert_eq!(x.cumprod(1), tensor([[3, 3, 6], [9, 63, 504]]));
}

#[test]
fn norms_of_every_order() {
    let x = tensor([[3.0, -4.0], [0.0, 0.0]]);
    for (p, expected) in [
        (0.0, [2.0, 0.0]),
        (0.5, [(3.0_f64.sqrt() + 2.0).powi(2), 0.0]),
        (1.0, [7.0, 0.0]),
        (2.0, [5.0, 0.0]),
        (3.0, [91.0_f64.cbrt(), 0.0]),
        (f64::INFINITY, [4.0, 0.0]),
        (f64::NEG_INFINITY, [3.0, 0.0]),
    ] {
        close(&x.norm_p(p, &[1], false), &tensor(expected));
        let origin = slope(tensor([0.0, 0.0]), |x| x.norm_p(p, &[], false));
        close(&origin, &tensor([0.0, 0.0]));
    }
}
