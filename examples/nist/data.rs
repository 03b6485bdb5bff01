//! The certified data sets: `data/*.txt`, built into the program.

/// One of NIST's data sets for nonlinear regression.
pub(crate) struct DataSet {
    /// NIST's name of it.
    pub(crate) name: &'static str,
    /// NIST's grading: `lower`, `average` or `higher`.
    pub(crate) difficulty: &'static str,
    /// What is to be found, `b1` to `bn`.
    pub(crate) parameters: Vec<Parameter>,
    /// Certified residual sum of squares, to 11 digits.
    pub(crate) residual_sum_of_squares: f64,
    /// What was measured.
    pub(crate) observations: Vec<Observation>,
}

/// A parameter of the model.
pub(crate) struct Parameter {
    /// The two values to start from: the first far off, the second near.
    pub(crate) starts: [f64; 2],
    /// Certified value, to 11 digits.
    pub(crate) certified: f64,
    /// Certified standard deviation, to 11 digits.
    pub(crate) deviation: f64,
}

/// A row of the table.
pub(crate) struct Observation {
    /// The response as the model predicts it: Nelson's is the logarithm of what the file lists.
    pub(crate) response: f64,
    /// One predictor, in Nelson's set two.
    pub(crate) predictors: Vec<f64>,
}

impl DataSet {
    /// Reads the project's format: keys with their values, then the observations to the end of the file.
    ///
    /// # Panics
    ///
    /// Panics on a malformed file, naming the line.
    pub(crate) fn parse(text: &'static str) -> Self {
        let mut lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut set = Self {
            name: "",
            difficulty: "",
            parameters: Vec::new(),
            residual_sum_of_squares: f64::NAN,
            observations: Vec::new(),
        };
        let mut response: fn(f64) -> f64 = |y| y;
        for line in lines.by_ref() {
            let words: Vec<_> = line.split_whitespace().collect();
            match words[..] {
                ["name", name] => set.name = name,
                ["difficulty", difficulty] => set.difficulty = difficulty,
                ["response", "y"] => {}
                ["response", "log(y)"] => response = f64::ln,
                ["parameter", _, first, second, certified, deviation] => {
                    set.parameters.push(Parameter {
                        starts: [number(first), number(second)],
                        certified: number(certified),
                        deviation: number(deviation),
                    });
                }
                ["residual_sum_of_squares", value] => set.residual_sum_of_squares = number(value),
                ["observations", ..] => break,
                _ => panic!("cannot read the line `{line}`"),
            }
        }
        set.observations = lines
            .map(|line| {
                let mut columns = line.split_whitespace().map(number);
                let y = columns
                    .next()
                    .expect("a line that is not empty has a first column");
                Observation {
                    response: response(y),
                    predictors: columns.collect(),
                }
            })
            .collect();
        set
    }

    /// The first (0) or second (1) starting point.
    pub(crate) fn start(&self, which: usize) -> Vec<f64> {
        self.parameters
            .iter()
            .map(|parameter| parameter.starts[which])
            .collect()
    }
}

fn number(word: &str) -> f64 {
    word.parse()
        .unwrap_or_else(|_| panic!("cannot read the number `{word}`"))
}
