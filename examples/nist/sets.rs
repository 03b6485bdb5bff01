//! Which model belongs to which data set.

use crate::data::DataSet;
use crate::fit::{Fit, fit};
use crate::models;

/// A data set and its fits from both starting points.
pub(crate) struct Outcome {
    /// What was to be fitted.
    pub(crate) set: DataSet,
    /// The fits from the first and the second starting point.
    pub(crate) fits: [Fit; 2],
}

/// Fits all data sets, in NIST's order of difficulty; `step_bound` as in [`fit`].
pub(crate) fn fit_all(step_bound: f64) -> Vec<Outcome> {
    macro_rules! outcomes {
        ($($set:ident: $model:ident,)*) => {
            vec![$({
                let set = DataSet::parse(include_str!(concat!("data/", stringify!($set), ".txt")));
                let fits = [0, 1].map(|start| fit(&set, start, step_bound, models::$model, models::$model::gradient));
                Outcome { set, fits }
            }),*]
        };
    }
    outcomes! {
        misra1a: misra1a,
        chwirut2: chwirut,
        chwirut1: chwirut,
        lanczos3: lanczos,
        gauss1: gauss,
        gauss2: gauss,
        danwood: danwood,
        misra1b: misra1b,
        kirby2: kirby2,
        hahn1: cubic_ratio,
        nelson: nelson,
        mgh17: mgh17,
        lanczos1: lanczos,
        lanczos2: lanczos,
        gauss3: gauss,
        misra1c: misra1c,
        misra1d: misra1d,
        roszman1: roszman1,
        enso: enso,
        mgh09: mgh09,
        thurber: cubic_ratio,
        boxbod: misra1a,
        rat42: rat42,
        mgh10: mgh10,
        eckerle4: eckerle4,
        rat43: rat43,
        bennett5: bennett5,
    }
}
