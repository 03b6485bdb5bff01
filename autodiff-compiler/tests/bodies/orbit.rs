/// A damped three-body problem integrated by a symplectic scheme, and its distance from observations.
fn orbit(position: &[f64], velocity: &[f64], mass: &[f64; 3], drag: f64, observed: &[f64], steps: usize) -> f64 {
    let dt = 0.01;
    let softening = 1e-3;
    let mut x = [0.0; 6];
    let mut v = [0.0; 6];
    for i in 0..6 {
        x[i] = position[i];
        v[i] = velocity[i];
    }
    let mut misfit = 0.0;
    let mut energy_0 = 0.0;
    for step in 0..steps {
        for sub in 0..4 {
            let weight = if sub % 2 == 0 { 1.0 } else { 0.5 };
            let h = dt * weight;
            let x01 = x[2] - x[0];
            let y01 = x[3] - x[1];
            let x02 = x[4] - x[0];
            let y02 = x[5] - x[1];
            let x12 = x[4] - x[2];
            let y12 = x[5] - x[3];
            let r01 = x01 * x01 + y01 * y01 + softening;
            let r02 = x02 * x02 + y02 * y02 + softening;
            let r12 = x12 * x12 + y12 * y12 + softening;
            let d01 = r01.sqrt();
            let d02 = r02.sqrt();
            let d12 = r12.sqrt();
            let f01 = 1.0 / (r01 * d01);
            let f02 = 1.0 / (r02 * d02);
            let f12 = 1.0 / (r12 * d12);
            let ax0 = mass[1] * f01 * x01 + mass[2] * f02 * x02;
            let ay0 = mass[1] * f01 * y01 + mass[2] * f02 * y02;
            let ax1 = mass[2] * f12 * x12 - mass[0] * f01 * x01;
            let ay1 = mass[2] * f12 * y12 - mass[0] * f01 * y01;
            let ax2 = -mass[0] * f02 * x02 - mass[1] * f12 * x12;
            let ay2 = -mass[0] * f02 * y02 - mass[1] * f12 * y12;
            let speed_0 = (v[0] * v[0] + v[1] * v[1]).sqrt();
            let speed_1 = (v[2] * v[2] + v[3] * v[3]).sqrt();
            let speed_2 = (v[4] * v[4] + v[5] * v[5]).sqrt();
            let damping_0 = (-drag * speed_0 * h).exp();
            let damping_1 = (-drag * speed_1 * h).exp();
            let damping_2 = (-drag * speed_2 * h).exp();
            v[0] = (v[0] + h * ax0) * damping_0;
            v[1] = (v[1] + h * ay0) * damping_0;
            v[2] = (v[2] + h * ax1) * damping_1;
            v[3] = (v[3] + h * ay1) * damping_1;
            v[4] = (v[4] + h * ax2) * damping_2;
            v[5] = (v[5] + h * ay2) * damping_2;
            for i in 0..6 {
                x[i] += h * v[i];
            }
            let kinetic_0 = 0.5 * mass[0] * (v[0] * v[0] + v[1] * v[1]);
            let kinetic_1 = 0.5 * mass[1] * (v[2] * v[2] + v[3] * v[3]);
            let kinetic_2 = 0.5 * mass[2] * (v[4] * v[4] + v[5] * v[5]);
            let potential_01 = mass[0] * mass[1] / d01;
            let potential_02 = mass[0] * mass[2] / d02;
            let potential_12 = mass[1] * mass[2] / d12;
            let kinetic = kinetic_0 + kinetic_1 + kinetic_2;
            let potential = potential_01 + potential_02 + potential_12;
            let energy = kinetic - potential;
            if step == 0 && sub == 0 {
                energy_0 = energy;
            } else {
                let drift = (energy - energy_0) / (1.0 + energy_0 * energy_0);
                misfit += 1e-3 * drift * drift;
            }
        }
        let at = 6 * step;
        for i in 0..6 {
            let residual = x[i] - observed[at + i];
            let scaled = residual / (1.0 + 0.1 * i as f64);
            misfit += (1.0 + scaled * scaled).ln();
        }
    }
    let mut momentum_x = 0.0;
    let mut momentum_y = 0.0;
    for i in 0..3 {
        momentum_x += mass[i] * v[2 * i];
        momentum_y += mass[i] * v[2 * i + 1];
    }
    misfit + 0.01 * (momentum_x * momentum_x + momentum_y * momentum_y).sqrt()
}
