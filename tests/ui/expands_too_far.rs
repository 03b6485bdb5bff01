use autodiff::differentiable;

#[differentiable]
fn doubled(x: f64) -> f64 {
    let f0 = |z: f64| z * z;
    let f1 = |z: f64| f0(z) + f0(z * x);
    let f2 = |z: f64| f1(z) + f1(z * x);
    let f3 = |z: f64| f2(z) + f2(z * x);
    let f4 = |z: f64| f3(z) + f3(z * x);
    let f5 = |z: f64| f4(z) + f4(z * x);
    let f6 = |z: f64| f5(z) + f5(z * x);
    let f7 = |z: f64| f6(z) + f6(z * x);
    let f8 = |z: f64| f7(z) + f7(z * x);
    let f9 = |z: f64| f8(z) + f8(z * x);
    let f10 = |z: f64| f9(z) + f9(z * x);
    let f11 = |z: f64| f10(z) + f10(z * x);
    let f12 = |z: f64| f11(z) + f11(z * x);
    let f13 = |z: f64| f12(z) + f12(z * x);
    let f14 = |z: f64| f13(z) + f13(z * x);
    let f15 = |z: f64| f14(z) + f14(z * x);
    let f16 = |z: f64| f15(z) + f15(z * x);
    f16(x)
}

fn main() {}
