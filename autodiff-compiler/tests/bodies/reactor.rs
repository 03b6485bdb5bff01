/// A chain of reactions in a tube: source terms with many rates in two nested loops.
fn reactor(rate: &[f64], energy: &[f64], inlet: &[f64], temperature: f64, cells: usize, sweeps: usize) -> f64 {
    let mut fuel = vec![0.0; cells];
    let mut oxygen = vec![0.0; cells];
    let mut heat = vec![0.0; cells];
    for cell in 0..cells {
        fuel[cell] = inlet[0];
        oxygen[cell] = inlet[1];
        heat[cell] = temperature;
    }
    let gas = 8.314;
    let dt = 1e-3;
    for sweep in 0..sweeps {
        let ramp = 1.0 + 0.1 * (sweep as f64 * dt).sin();
        let mut carry_fuel = inlet[0] * ramp;
        let mut carry_oxygen = inlet[1];
        let mut carry_heat = temperature;
        for cell in 0..cells {
            let local = 0.5 * (heat[cell] + carry_heat);
            let inverse = 1.0 / (gas * local);
            let k1 = rate[0] * (-energy[0] * inverse).exp();
            let k2 = rate[1] * (-energy[1] * inverse).exp();
            let k3 = rate[2] * (-energy[2] * inverse).exp();
            let k4 = rate[3] * (-energy[3] * inverse).exp();
            let f = 0.5 * (fuel[cell] + carry_fuel);
            let o = 0.5 * (oxygen[cell] + carry_oxygen);
            let root = (o + 1e-9).sqrt();
            let r1 = k1 * f * root;
            let r2 = k2 * f * o;
            let third = 1.0 + 0.3 * f + 0.2 * o;
            let r3 = k3 * o * third;
            let falloff = k4 / (k3 + 1e-12);
            let blend = falloff / (1.0 + falloff);
            let width = 0.75 - 1.27 * (blend + 1e-9).log10();
            let broad = (0.6_f64).powf(1.0 / (1.0 + width * width));
            let r4 = k4 * blend * broad * f;
            let net = r1 + r2 - 0.1 * r3 + r4;
            let consumed = 2.0 * r1 + r2 + r4;
            let capacity = 1.0 + 1e-4 * local + 1e-7 * local * local;
            let release = (r1 * 800.0 + r2 * 400.0 + r4 * 120.0 - r3 * 30.0) / capacity;
            let loss = 1e-2 * (local - 300.0) + 1e-9 * (local * local - 9e4);
            let conduction = 0.05 * (carry_heat - heat[cell]);
            let mixing = 0.2 * (carry_fuel - fuel[cell]);
            let breathing = 0.2 * (carry_oxygen - oxygen[cell]);
            let stiffness = (net * net + consumed * consumed + 1e-12).sqrt();
            let limiter = 1.0 / (1.0 + dt * stiffness);
            let df = dt * limiter * (mixing - net);
            let do_ = dt * limiter * (breathing - consumed);
            let dh = dt * limiter * (release - loss + conduction);
            carry_fuel = fuel[cell];
            carry_oxygen = oxygen[cell];
            carry_heat = heat[cell];
            fuel[cell] += df;
            oxygen[cell] += do_;
            heat[cell] += dh;
            if fuel[cell] < 0.0 {
                fuel[cell] = 0.0;
            }
            if oxygen[cell] < 0.0 {
                oxygen[cell] = 0.0;
            }
        }
    }
    let mut left = 0.0;
    let mut hottest = 0.0;
    for cell in 0..cells {
        left += fuel[cell] * fuel[cell];
        hottest += (heat[cell] / 1000.0).powi(4);
    }
    left / inlet[0] + 0.01 * hottest.sqrt().sqrt()
}
