/// Reaction and diffusion by explicit steps: seventy temporaries in the inner of two loops.
fn dense(u0: &[f64], k: &[f64], target: &[f64], n: usize, steps: usize) -> f64 {
    let dx = 1.0 / n as f64;
    let dt = 0.1 * dx * dx;
    let mut u = vec![0.0; n];
    let mut v = vec![0.0; n];
    for i in 0..n {
        u[i] = u0[i];
        v[i] = 0.5 * u0[i] * u0[i];
    }
    let mut loss = 0.0;
    for s in 0..steps {
        let time = s as f64 * dt;
        for i in 0..n {
            let a0 = u[i] * k[0] + v[i];
            let a1 = a0 * a0 - k[1] * v[i];
            let a2 = (a1 * k[2]).sin();
            let a3 = a2.exp() * dx;
            let a4 = a3 / (1.0 + a1 * a1);
            let a5 = a4.tanh() + time;
            let a6 = a5 * a2 - a0;
            let a7 = (a6 * a6 + 1.0).sqrt();
            let a8 = a7.ln() * k[3];
            let a9 = a8 * a4 + a3 * a1;
            let a10 = a9 * a6 + k[2];
            let a11 = (a9 - a10).sin();
            let a12 = a11 / (2.0 + a9 * a9);
            let a13 = a12.cos() * a7;
            let a14 = a13 + 0.5 * a12 * dx;
            let a15 = a14 * a11 + k[3];
            let a16 = (a14 - a15).sin();
            let a17 = a16 / (2.0 + a14 * a14);
            let a18 = a17.cos() * a12;
            let a19 = a18 + 0.5 * a17 * dx;
            let a20 = a19 * a16 + k[0];
            let a21 = (a19 - a20).sin();
            let a22 = a21 / (2.0 + a19 * a19);
            let a23 = a22.cos() * a17;
            let a24 = a23 + 0.5 * a22 * dx;
            let a25 = a24 * a21 + k[1];
            let a26 = (a24 - a25).sin();
            let a27 = a26 / (2.0 + a24 * a24);
            let a28 = a27.cos() * a22;
            let a29 = a28 + 0.5 * a27 * dx;
            let a30 = a29 * a26 + k[2];
            let a31 = (a29 - a30).sin();
            let a32 = a31 / (2.0 + a29 * a29);
            let a33 = a32.cos() * a27;
            let a34 = a33 + 0.5 * a32 * dx;
            let a35 = a34 * a31 + k[3];
            let a36 = (a34 - a35).sin();
            let a37 = a36 / (2.0 + a34 * a34);
            let a38 = a37.cos() * a32;
            let a39 = a38 + 0.5 * a37 * dx;
            let a40 = a39 * a36 + k[0];
            let a41 = (a39 - a40).sin();
            let a42 = a41 / (2.0 + a39 * a39);
            let a43 = a42.cos() * a37;
            let a44 = a43 + 0.5 * a42 * dx;
            let a45 = a44 * a41 + k[1];
            let a46 = (a44 - a45).sin();
            let a47 = a46 / (2.0 + a44 * a44);
            let a48 = a47.cos() * a42;
            let a49 = a48 + 0.5 * a47 * dx;
            let a50 = a49 * a46 + k[2];
            let a51 = (a49 - a50).sin();
            let a52 = a51 / (2.0 + a49 * a49);
            let a53 = a52.cos() * a47;
            let a54 = a53 + 0.5 * a52 * dx;
            let a55 = a54 * a51 + k[3];
            let a56 = (a54 - a55).sin();
            let a57 = a56 / (2.0 + a54 * a54);
            let a58 = a57.cos() * a52;
            let a59 = a58 + 0.5 * a57 * dx;
            let a60 = a59 * a56 + k[0];
            let a61 = (a59 - a60).sin();
            let a62 = a61 / (2.0 + a59 * a59);
            let a63 = a62.cos() * a57;
            let a64 = a63 + 0.5 * a62 * dx;
            let a65 = a64 * a61 + k[1];
            let a66 = (a64 - a65).sin();
            let a67 = a66 / (2.0 + a64 * a64);
            let a68 = a67.cos() * a62;
            let a69 = a68 + 0.5 * a67 * dx;
            u[i] += dt * a69;
            v[i] += dt * a68 * u[i];
            if u[i] > 3.0 {
                u[i] = 3.0 + 0.1 * (u[i] - 3.0);
            }
        }
        for i in 0..n {
            let r = u[i] - target[i];
            loss += r * r * dx;
        }
    }
    loss
}
