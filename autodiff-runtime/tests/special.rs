//! Special functions: values and derivatives against numbers computed with 60 digits (by mpmath), against differences,
//! and all functions of each companion against each other.

#![cfg(feature = "special")]
// The numbers are printed with the digits that identify them.
#![allow(clippy::excessive_precision, clippy::approx_constant)]

use autodiff_runtime::{Workspace, special};

/// Panics unless two numbers agree to within a relative error; beyond the range of numbers, exactly.
#[track_caller]
fn assert_close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let close = found == expected || (found - expected).abs() <= tolerance * expected.abs();
    assert!(close, "{what} is {found:e}, but {expected:e} is expected");
}

/// Holds one function, through its whole companion, to rows of an argument, the value and two derivatives.
macro_rules! functions {
    ($($name:ident { $([$($number:expr),*];)* })*) => { $(
        #[test]
        fn $name() {
            for [x, value, first, second] in [$([$($number),*]),*] {
                let what = |part: &str| format!("{}::{part}({x})", stringify!($name));
                assert_close(&what("value"), special::$name(x), value, 2e-14);
                assert_close(&what("gradient"), special::$name::gradient(x), first, 1e-13);
                assert_close(&what("hessian"), special::$name::hessian(x)[0][0], second, 1e-12);
                check_companion!($name, x);

                // A difference of values, and one of gradients, where neither rounding nor curvature spoils it.
                let step = 1e-5 * x.abs();
                let difference = |f: fn(f64) -> f64| (f(x + step) - f(x - step)) / (2.0 * step);
                let is_smooth = (second * step).abs() < 1e-3 * first.abs();
                if is_smooth && (first * step).abs() > 1e-8 * value.abs() {
                    assert_close(&what("difference"), difference(special::$name), first, 1e-6);
                }
                if is_smooth && (second * step).abs() > 1e-8 * first.abs() {
                    let slope = difference(special::$name::gradient);
                    assert_close(&what("second difference"), slope, second, 1e-4);
                }
            }
        }
    )* };
}

/// Holds the functions of a companion to the value, the gradient and the Hessian.
macro_rules! check_companion {
    ($name:ident, $x:ident) => {{
        let (y, slope) = (special::$name($x), special::$name::gradient($x));
        let hessian = special::$name::hessian($x);
        assert_eq!(special::$name::jvp($x, 2.0), (y, 2.0 * slope));
        assert_eq!(special::$name::vjp($x, 2.0), (y, 2.0 * slope));
        let mut bar = 1.0;
        assert_eq!(special::$name::vjp_into($x, 2.0, &mut bar), y);
        assert_eq!(bar, 1.0 + 2.0 * slope);
        let workspace = &mut Workspace::new();
        let mut bar = 1.0;
        assert_eq!(
            special::$name::vjp_into_with(workspace, $x, 2.0, &mut bar),
            y
        );
        assert_eq!(bar, 1.0 + 2.0 * slope);
        let (value, pull) = special::$name::pullback($x);
        assert_eq!((value, pull(2.0), pull(3.0)), (y, 2.0 * slope, 3.0 * slope));
        let (mut into, mut into_with) = (f64::NAN, f64::NAN);
        assert_eq!(special::$name::gradient_into($x, &mut into), y);
        assert_eq!(
            special::$name::gradient_into_with(workspace, $x, &mut into_with),
            y
        );
        assert_eq!((into, into_with), (slope, slope));
        assert_eq!(special::$name::value_and_gradient($x), (y, slope));
        assert_eq!(special::$name::hvp($x, 2.0), (slope, 2.0 * hessian[0][0]));
        assert_eq!(
            special::$name::value_gradient_hessian($x),
            (y, slope, hessian)
        );
        let single = $x as f32;
        assert_eq!(
            special::$name(single),
            special::$name(f64::from(single)) as f32
        );
        assert_eq!(
            special::$name::gradient(single),
            special::$name::gradient(f64::from(single)) as f32
        );
    }};
}

functions! {
    erf {
        [-3.5, -0.9999992569016276, 5.399426777384783e-06, 3.7795987441693475e-05];
        [-0.5, -0.5204998778130465, 0.8787825789354448, 0.8787825789354448];
        [0.25, 0.27632639016823696, 1.0600141293761143, -0.5300070646880571];
        [1.0, 0.8427007929497149, 0.4151074974205947, -0.8302149948411894];
        [5.0, 0.9999999999984626, 1.5670866531017336e-11, -1.5670866531017336e-10];
        [25.0, 1.0, 4.1534010636398965e-272, -2.0767005318199483e-270];
    }
    erfc {
        [-2.0, 1.9953222650189528, -0.020666985354092053, -0.08266794141636821];
        [0.5, 0.4795001221869535, -0.8787825789354448, 0.8787825789354448];
        [3.0, 2.209049699858544e-05, -0.00013925305194674786, 0.0008355183116804871];
        [10.0, 2.088487583762545e-45, -4.197656231354417e-44, 8.395312462708834e-43];
        [26.0, 5.663192408856143e-296, -2.9470349932662697e-294, 1.53245819649846e-292];
    }
    normal_cdf {
        [-37.0, 5.725571222524577e-300, 2.1200065515246056e-298, 7.84402424064104e-297];
        [-20.3, 6.429244467698346e-92, 1.308288554681529e-90, 2.655825766003504e-89];
        [-5.0, 2.866515718791939e-07, 1.4867195147342977e-06, 7.433597573671489e-06];
        [-1.0, 0.15865525393145705, 0.24197072451914334, 0.24197072451914334];
        [0.3, 0.6179114221889527, 0.3813878154605241, -0.11441634463815722];
        [4.0, 0.9999683287581669, 0.00013383022576488534, -0.0005353209030595414];
        [9.0, 1.0, 1.0279773571668915e-18, -9.251796214502023e-18];
    }
    normal_quantile {
        [1e-300, -37.0470962993612, 2.697304465042612e+298, f64::NEG_INFINITY];
        [1e-20, -9.262340089798407, 1.0674725333014e+19, -1.0554414389338887e+39];
        [1e-5, -4.264890793922825, 22327.74323019863, -2126167979.9193468];
        [0.05, -1.6448536269514726, 9.695969272701573, -154.63568332893865];
        [0.3, -0.5244005127080408, 2.8761036592642926, -4.3378264936389535];
        [0.5, 0.0, 2.5066282746310007, 0.0];
        [0.8, 0.8416212335729144, 3.5719143465773624, 10.737885188829365];
        [0.975, 1.9599639845400538, 17.110083080332704, 573.7891446072151];
        [0.9999, 3.7190164854557084, 2526.222398425407, 23734017.942727566];
    }
    gamma {
        [-25.5, 3.99121704344051e-26, 1.300401637505788e-25, 8.160738591786994e-25];
        [-2.5, -0.9453087204829419, -1.0428235924606153, -10.167930811390322];
        [-0.3, -4.326851108825193, -9.143976763306549, -79.66268768615478];
        [0.1, 9.51350769866873, -99.166472874637, 1998.6734839225737];
        [1.0, 1.0, -0.5772156649015329, 1.978111990655945];
        [2.5, 1.329340388179137, 0.9347345216260855, 1.3091171559626735];
        [20.0, 1.21645100408832e+17, 3.6134968930314074e+17, 1.079634766068222e+18];
        [150.0, 3.80892263763057e+260, 1.907241168474365e+261, 9.552673143564945e+261];
    }
    lgamma {
        [-25.25, -57.32320872446142, 6.390090103854888, 19.700378728904663];
        [-2.5, -0.056243716497674054, 1.103156640645243, 9.539246644989124];
        [0.1, 2.252712651734206, -10.423754940411076, 101.43329915079275];
        [1.5, -0.12078223763524522, 0.03648997397857652, 0.9348022005446793];
        [3.0, 0.6931471805599453, 0.9227843350984671, 0.39493406684822646];
        [40.0, 106.63176026064346, 3.676327374034843, 0.02531510384129103];
        [1e10, 220258509288.81058, 23.025850929890456, 1.00000000005e-10];
    }
    digamma {
        [-25.25, 6.390090103854888, 19.700378728904663, 124.02359913587695];
        [-2.5, 1.103156640645243, 9.539246644989124, -0.1082040516417274];
        [0.1, -10.423754940411076, 101.43329915079275, -2001.8614573783436];
        [1.4, -0.06138454458511624, 1.0253565905295976, -0.9891286235783571];
        [3.0, 0.9227843350984671, 0.39493406684822646, -0.15411380631918858];
        [40.0, 3.676327374034843, 0.02531510384129103, -0.0006408202718352986];
        [1e10, 23.025850929890456, 1.00000000005e-10, -1.0000000001e-20];
    }
    trigamma {
        [-25.25, 19.700378728904663, 124.02359913587695, 1558.5453394941214];
        [-2.5, 9.539246644989124, -0.1082040516417274, 194.74787621918762];
        [0.1, 101.43329915079275, -2001.8614573783436, 60004.51287679026];
        [1.4, 1.0253565905295976, -0.9891286235783571, 1.820259033947095];
        [3.0, 0.39493406684822646, -0.15411380631918858, 0.11893940226682916];
        [40.0, 0.02531510384129103, -0.0006408202718352986, 3.24414001515635e-05];
        [1e10, 1.00000000005e-10, -1.0000000001e-20, 2.0000000003e-30];
    }
    bessel_j0 {
        [-3.0, -0.26005195490193345, 0.3390589585259365, 0.37307160774391224];
        [0.001, 0.9999997500000156, -0.0004999999375000026, -0.499999812500013];
        [1.0, 0.7651976865579666, -0.4400505857449335, -0.32514710081303305];
        [10.0, -0.24593576445134835, -0.04347274616886144, 0.25028303906823446];
        [100.0, 0.019985850304223122, 0.07714535201411216, -0.020757303824364245];
    }
    bessel_j1 {
        [-3.0, -0.3390589585259365, -0.37307160774391224, 0.17702853833063945];
        [0.001, 0.0004999999375000026, 0.499999812500013, -0.000374999947916669];
        [1.0, 0.4400505857449335, 0.32514710081303305, -0.32514710081303305];
        [10.0, 0.04347274616886144, -0.25028303906823446, -0.018009714800349373];
        [100.0, -0.07714535201411216, 0.020757303824364245, 0.0769300644406671];
    }
    bessel_y0 {
        [0.001, -4.471416611375923, 636.6221672311394, -636617.695814528];
        [1.0, 0.08825696421567696, 0.7812128213002887, -0.8694697855159657];
        [10.0, 0.055671167283599395, -0.24901542420695388, -0.030769624862904004];
        [100.0, -0.07724431336508315, 0.020372312002759792, 0.07704059024505555];
    }
    bessel_y1 {
        [0.001, -636.6221672311394, 636617.695814528, -1273239226.4235];
        [1.0, -0.7812128213002887, 0.8694697855159657, -0.8694697855159657];
        [10.0, 0.24901542420695388, 0.030769624862904004, -0.24960223245117474];
        [100.0, -0.020372312002759792, -0.07704059024505555, 0.021140680674010072];
    }
}

/// Arguments, the value, both first derivatives, then the second ones: of `a` twice, of both, of `b` twice.
const BETA: [[f64; 8]; 7] = [
    [
        0.5,
        0.5,
        3.141592653589793,
        -4.355172180607204,
        -4.355172180607204,
        16.372976195781924,
        0.8698378556320151,
        16.372976195781924,
    ],
    [
        2.0,
        3.0,
        0.08333333333333333,
        -0.09027777777777778,
        -0.04861111111111111,
        0.13310185185185186,
        0.03421845739227743,
        0.04282407407407408,
    ],
    [
        -0.5,
        2.25,
        -4.3700959238202,
        0.9220136739588393,
        -1.420604619487119,
        -35.90127294086134,
        3.638921152111965,
        0.44181495601650805,
    ],
    [
        0.3,
        30.0,
        1.082146339788316,
        -7.463649364591995,
        -0.010948259992558699,
        64.69234941755091,
        0.039200790595485605,
        0.0004799516782654531,
    ],
    [
        15.0,
        12.0,
        8.628693512257922e-09,
        -5.201871646913161e-09,
        -7.201010345265957e-09,
        3.4052611455986467e-09,
        4.01560984346548e-09,
        6.433825420073478e-09,
    ],
    [
        150.0,
        250.0,
        3.0767651820256547e-116,
        -3.024201015536355e-116,
        -1.4484008756416415e-116,
        2.9854136239179904e-116,
        1.415954524931579e-116,
        6.864713174437222e-117,
    ],
    [
        1e-3,
        1e4,
        990.2610497273395,
        -999951.6081029801,
        -9.903105149122602e-05,
        1999999673.1144478,
        0.0009691091953131446,
        9.913503417252356e-09,
    ],
];

#[test]
fn beta() {
    for [a, b, value, da, db, daa, dab, dbb] in BETA {
        let what = |part: &str| format!("beta::{part}({a}, {b})");
        assert_close(&what("value"), special::beta(a, b), value, 1e-13);
        let gradient = special::beta::gradient(a, b);
        assert_close(&what("gradient"), gradient.0, da, 1e-12);
        assert_close(&what("gradient"), gradient.1, db, 1e-12);
        let hessian = special::beta::hessian(a, b);
        for (found, expected) in hessian.as_flattened().iter().zip([daa, dab, dab, dbb]) {
            assert_close(&what("hessian"), *found, expected, 1e-11);
        }
        // The function is symmetric.
        assert_eq!(special::beta(b, a), special::beta(a, b));
        assert_eq!(special::beta::gradient(b, a), (gradient.1, gradient.0));

        let y = special::beta(a, b);
        assert_eq!(
            special::beta::jvp(a, b, 2.0, 3.0),
            (y, gradient.0 * 2.0 + gradient.1 * 3.0)
        );
        assert_eq!(
            special::beta::vjp(a, b, 2.0),
            (y, (2.0 * gradient.0, 2.0 * gradient.1))
        );
        let (mut a_bar, mut b_bar) = (1.0, -1.0);
        assert_eq!(
            special::beta::vjp_into(a, b, 2.0, &mut a_bar, &mut b_bar),
            y
        );
        assert_eq!(
            (a_bar, b_bar),
            (1.0 + 2.0 * gradient.0, -1.0 + 2.0 * gradient.1)
        );
        assert_eq!(
            special::beta::gradient_into(a, b, &mut a_bar, &mut b_bar),
            y
        );
        assert_eq!((a_bar, b_bar), gradient);
        assert_eq!(special::beta::pullback(a, b).1(1.0), gradient);
        let (first, product) = special::beta::hvp(a, b, 2.0, 3.0);
        assert_eq!(first, gradient);
        assert_close(
            &what("hvp"),
            product.0,
            2.0 * hessian[0][0] + 3.0 * hessian[0][1],
            1e-13,
        );
        assert_close(
            &what("hvp"),
            product.1,
            2.0 * hessian[1][0] + 3.0 * hessian[1][1],
            1e-13,
        );
    }
}

const INFINITY: f64 = f64::INFINITY;

/// Panics unless a value and its derivatives at an edge are as promised; a NaN is equal to a NaN.
#[track_caller]
fn check_edge(name: &str, x: f64, found: (f64, f64, [[f64; 1]; 1]), expected: [f64; 3]) {
    let found = [found.0, found.1, found.2[0][0]];
    let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
    assert!(
        found.iter().zip(&expected).all(same),
        "{name} at {x}: {found:?}, but {expected:?} is expected"
    );
}

macro_rules! edges {
    ($($name:ident: $([$x:expr] $value:expr, $first:expr, $second:expr;)*)*) => { $( $(
        check_edge(
            stringify!($name),
            $x,
            special::$name::value_gradient_hessian($x),
            [$value, $first, $second],
        );
    )* )* };
}

const NAN: f64 = f64::NAN;

#[test]
fn poles_and_tails() {
    edges! {
        erf:
            [INFINITY] 1.0, 0.0, 0.0;
            [-INFINITY] -1.0, 0.0, 0.0;
            [40.0] 1.0, 0.0, 0.0;
            [NAN] NAN, NAN, NAN;
        erfc:
            [INFINITY] 0.0, 0.0, 0.0;
            [-INFINITY] 2.0, 0.0, 0.0;
        normal_cdf:
            [INFINITY] 1.0, 0.0, 0.0;
            [-INFINITY] 0.0, 0.0, 0.0;
            [-50.0] 0.0, 0.0, 0.0;
            [NAN] NAN, NAN, NAN;
        normal_quantile:
            [0.0] -INFINITY, INFINITY, -INFINITY;
            [1.0] INFINITY, INFINITY, INFINITY;
            [-0.1] NAN, NAN, NAN;
            [1.1] NAN, NAN, NAN;
        gamma:
            [0.0] INFINITY, -INFINITY, INFINITY;
            [-0.0] -INFINITY, -INFINITY, -INFINITY;
            [-2.0] NAN, NAN, NAN;
            [200.0] INFINITY, INFINITY, INFINITY;
            [INFINITY] INFINITY, INFINITY, INFINITY;
            [-INFINITY] NAN, NAN, NAN;
            [-300.5] 0.0, 0.0, 0.0;
        lgamma:
            [0.0] INFINITY, -INFINITY, INFINITY;
            [-0.0] INFINITY, INFINITY, INFINITY;
            [-1.0] INFINITY, NAN, INFINITY;
            [INFINITY] INFINITY, INFINITY, 0.0;
        trigamma:
            [INFINITY] 0.0, 0.0, 0.0;
            [-1.0] INFINITY, NAN, INFINITY;
        digamma:
            [-1.0] NAN, INFINITY, NAN;
            [INFINITY] INFINITY, 0.0, 0.0;
        bessel_j0:
            [0.0] 1.0, 0.0, -0.5;
            [INFINITY] 0.0, 0.0, 0.0;
        bessel_j1:
            [0.0] 0.0, 0.5, 0.0;
        bessel_y0:
            [0.0] -INFINITY, INFINITY, -INFINITY;
            [1e-200] special::bessel_y0(1e-200), special::bessel_y0::gradient(1e-200), -INFINITY;
            [-1.0] NAN, NAN, NAN;
            [INFINITY] 0.0, 0.0, 0.0;
        bessel_y1:
            [0.0] -INFINITY, INFINITY, -INFINITY;
            [-1.0] NAN, NAN, NAN;
    }
}

/// The quantile inverts the distribution function, to the digits that the problem has.
#[test]
fn quantile_and_distribution_function_are_inverse() {
    let mut p = 1e-300_f64;
    while p < 1.0 {
        let x = special::normal_quantile(p);
        // An error of one unit in the last place of x moves the probability by so much.
        let condition = (x * special::normal_cdf::gradient(x) / p).abs().max(1.0);
        assert_close(
            "normal_cdf(normal_quantile(p))",
            special::normal_cdf(x),
            p,
            1e-15 * condition,
        );
        p *= 1.37;
    }
}
