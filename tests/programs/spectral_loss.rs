//! A loss on the spectrum of a signal, by the fast Fourier transform.

use std::f64::consts::PI;

use super::checked;

/// The transform of Cooley and Tukey, in place, for lengths that are powers of two.
#[checked(
    at([0.3, -0.2, 0.5, 0.9], [0.1, 0.2, -0.4, 0.3]),
    at([0.3], [0.1])
)]
fn fft(re: &mut [f64], im: &mut [f64]) {
    let n = re.len();
    assert!(n.is_power_of_two(), "{n} is not a power of two");
    let mut j = 0;
    for i in 1..n {
        let mut bit = n >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let mut len = 2;
    while len <= n {
        let half = len / 2;
        for start in (0..n).step_by(len) {
            for k in 0..half {
                let (sin, cos) = (-2.0 * PI * k as f64 / len as f64).sin_cos();
                let (even, odd) = (start + k, start + k + half);
                let (a, b) = (re[odd] * cos - im[odd] * sin, re[odd] * sin + im[odd] * cos);
                re[odd] = re[even] - a;
                im[odd] = im[even] - b;
                re[even] += a;
                im[even] += b;
            }
        }
        len <<= 1;
    }
}

/// The power at each frequency up to Nyquist's, under Hann's window.
#[checked(calls(fft), at([0.3, -0.2, 0.5, 0.9, 0.1, 0.7, -0.6, 0.2]))]
fn power_spectrum(signal: &[f64]) -> Vec<f64> {
    let n = signal.len();
    let mut re: Vec<f64> = signal
        .iter()
        .enumerate()
        .map(|(i, s)| s * 0.5 * (1.0 - (2.0 * PI * i as f64 / n as f64).cos()))
        .collect();
    let mut im = vec![0.0; n];
    fft(&mut re, &mut im);
    re.iter()
        .zip(&im)
        .take(n / 2 + 1)
        .map(|(r, i)| (r * r + i * i) / n as f64)
        .collect()
}

/// The distance of the logarithms of two spectra.
#[checked(
    calls(power_spectrum),
    at([0.3, -0.2, 0.5, 0.9, 0.1, 0.7, -0.6, 0.2], [0.2, 0.4, 0.1, 0.3, 0.5])
)]
fn spectral_loss(signal: &[f64], target: &[f64]) -> f64 {
    let spectrum: Vec<f64> = power_spectrum(signal);
    let total: f64 = spectrum
        .iter()
        .zip(target)
        .map(|(s, t)| ((s + 1e-3).ln() - (t + 1e-3).ln()).abs())
        .sum();
    total / target.len() as f64
}

/// A tone of unknown frequency, amplitude and phase against a recorded spectrum.
#[checked(
    calls(spectral_loss),
    at(1.3, 0.8, 0.2, [0.2, 0.4, 0.1, 0.3, 0.5])
)]
fn tone_misfit(frequency: f64, amplitude: f64, phase: f64, target: &[f64]) -> f64 {
    let n = 2 * (target.len() - 1);
    let signal: Vec<f64> = (0..n)
        .map(|i| amplitude * (2.0 * PI * frequency * i as f64 / n as f64 + phase).sin())
        .collect();
    spectral_loss(&signal, target)
}
