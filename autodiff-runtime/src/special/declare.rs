//! The declaration of a special function: the function, and its companion with the functions that every companion has.

/// Declares functions from the names of their parameters, each with its direction, its adjoint and the derivatives of that
/// adjoint.
///
/// ```text
/// /// Documentation.
/// fn beta(a da a_bar da_bar, b db b_bar db_bar);
/// ```
macro_rules! functions {
    ($(
        $(#[$documentation:meta])*
        fn $name:ident($($x:ident $dx:ident $x_bar:ident $dx_bar:ident),+);
    )*) => { $(
        $(#[$documentation])*
        #[inline]
        pub fn $name<T: Scalar>($($x: T),+) -> T {
            T::from_literal(<$name as Smooth<_>>::value([$($x.widen()),+]))
        }

        #[doc = concat!("The derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        // The companion has the function's name: that is how derivatives are found.
        #[allow(non_camel_case_types)]
        pub enum $name {}

        // A derivative takes what the function takes, and directions or adjoints beside it.
        #[allow(clippy::too_many_arguments, clippy::type_complexity)]
        impl $name {
            /// The partial derivatives, as numbers of the type at hand.
            #[inline]
            fn slopes<T: Scalar>($($x: T),+) -> [T; count!($($x)+)] {
                <Self as Smooth<_>>::first([$($x.widen()),+]).map(T::from_literal)
            }

            /// The value and its derivative along a direction (forward mode).
            #[inline]
            pub fn jvp<T: Scalar>($($x: T,)+ $($dx: T),+) -> (T, T) {
                let [$($x_bar),+] = Self::slopes($($x),+);
                ($name($($x),+), sum!($($x_bar * $dx),+))
            }

            /// The value and the adjoints (reverse mode).
            #[inline]
            pub fn vjp<T: Scalar>($($x: T,)+ dr: T) -> (T, parts!(T $($x)+)) {
                let [$($x_bar),+] = Self::slopes($($x),+);
                ($name($($x),+), ($(dr * $x_bar),+))
            }

            /// The value; adds to the adjoints (reverse mode, in place).
            #[inline]
            pub fn vjp_into<T: Scalar>($($x: T,)+ dr: T, $($x_bar: &mut T),+) -> T {
                let [$($dx),+] = Self::slopes($($x),+);
                $( *$x_bar += dr * $dx; )+
                $name($($x),+)
            }

            /// As [`Self::vjp_into`]; no buffers are needed.
            #[inline]
            pub fn vjp_into_with<T: Scalar>(_: &mut Workspace, $($x: T,)+ dr: T, $($x_bar: &mut T),+) -> T {
                Self::vjp_into($($x,)+ dr, $($x_bar),+)
            }

            /// The value, and a function from a cotangent of it to the adjoints.
            #[inline]
            pub fn pullback<T: Scalar>($($x: T),+) -> (T, impl Fn(T) -> parts!(T $($x)+)) {
                let [$($x_bar),+] = Self::slopes($($x),+);
                ($name($($x),+), move |dr: T| ($(dr * $x_bar),+))
            }

            /// The gradient.
            #[inline]
            pub fn gradient<T: Scalar>($($x: T),+) -> parts!(T $($x)+) {
                let [$($x_bar),+] = Self::slopes($($x),+);
                ($($x_bar),+)
            }

            /// The value; overwrites the adjoints with the gradient.
            #[inline]
            pub fn gradient_into<T: Scalar>($($x: T,)+ $($x_bar: &mut T),+) -> T {
                let [$($dx),+] = Self::slopes($($x),+);
                $( *$x_bar = $dx; )+
                $name($($x),+)
            }

            /// As [`Self::gradient_into`]; no buffers are needed.
            #[inline]
            pub fn gradient_into_with<T: Scalar>(_: &mut Workspace, $($x: T,)+ $($x_bar: &mut T),+) -> T {
                Self::gradient_into($($x,)+ $($x_bar),+)
            }

            /// The value and the gradient.
            #[inline]
            pub fn value_and_gradient<T: Scalar>($($x: T),+) -> (T, parts!(T $($x)+)) {
                ($name($($x),+), Self::gradient($($x),+))
            }

            /// The gradient and its derivative along a direction: the Hessian times that direction.
            #[inline]
            pub fn hvp<T: Scalar>($($x: T,)+ $($dx: T),+) -> (parts!(T $($x)+), parts!(T $($x)+)) {
                let direction = [$($dx),+];
                let [$($x_bar),+] = Self::hessian($($x),+).map(|row| {
                    let products = row.iter().zip(&direction);
                    products.fold(T::zero(), |sum, (&entry, &along)| sum + entry * along)
                });
                (Self::gradient($($x),+), ($($x_bar),+))
            }

            /// The Hessian.
            #[inline]
            pub fn hessian<T: Scalar>($($x: T),+) -> [[T; count!($($x)+)]; count!($($x)+)] {
                <Self as Smooth<_>>::second([$($x.widen()),+]).map(|row| row.map(T::from_literal))
            }

            /// The value, the gradient and the Hessian.
            #[inline]
            pub fn value_gradient_hessian<T: Scalar>(
                $($x: T),+
            ) -> (T, parts!(T $($x)+), [[T; count!($($x)+)]; count!($($x)+)]) {
                ($name($($x),+), Self::gradient($($x),+), Self::hessian($($x),+))
            }

            /// That all parameters vary; asked by generated functions.
            #[doc(hidden)]
            pub const __VARYING: [bool; count!($($x)+)] = [true; count!($($x)+)];

            /// That directions go along; asked by generated functions.
            #[doc(hidden)]
            pub const __SECOND_DERIVATIVES: bool = true;

            /// The value and its derivatives along several directions; called by generated functions.
            #[doc(hidden)]
            #[inline]
            pub fn __jvp<T: Scalar, D: Directional<Scalar = T>>($($x: T,)+ $($dx: D),+) -> (T, D) {
                let [$($x_bar),+] = Self::slopes($($x),+);
                ($name($($x),+), sum!($($dx * $x_bar),+))
            }

            /// As [`Self::__jvp`]: the reverse sweep needs nothing but the arguments. Called by generated functions.
            #[doc(hidden)]
            #[inline]
            pub fn __forward<T: Scalar, D: Directional<Scalar = T>>(
                $($x: T,)+ $($dx: D,)+ _: &mut SharedTape,
            ) -> (T, D) {
                Self::__jvp($($x,)+ $($dx),+)
            }

            /// Adds to the adjoints, and to their derivatives; called by generated functions.
            #[doc(hidden)]
            #[inline]
            pub fn __reverse<T: Scalar, D: Directional<Scalar = T>>(
                $($x: T,)+ $($dx: D,)+ r: T, dr: D, $($x_bar: &mut T,)+ $($dx_bar: &mut D,)+ _: &mut Reader<'_>,
            ) {
                // The derivatives of the gradient are sums over a row of the Hessian; along no direction they are none.
                let directions = [$($dx),+];
                let slopes = Self::slopes($($x),+);
                let adjoints = [$($x_bar),+].into_iter().zip(slopes);
                adjoints.for_each(|(adjoint, slope)| *adjoint += r * slope);
                if D::zero().lanes().is_empty() {
                    return;
                }
                let rows = Self::hessian($($x),+).into_iter().zip(slopes);
                for (along, (row, slope)) in [$($dx_bar),+].into_iter().zip(rows) {
                    *along += dr * slope;
                    for (entry, direction) in row.into_iter().zip(directions) {
                        *along += direction * (r * entry);
                    }
                }
            }
        }
    )* };
}

/// The number of parameters.
macro_rules! count {
    ($a:ident) => {
        1
    };
    ($a:ident $b:ident) => {
        2
    };
}

/// The type of as many scalars as there are parameters: of one, the bare scalar.
macro_rules! parts {
    ($T:ident $a:ident) => {
        $T
    };
    ($T:ident $a:ident $b:ident) => {
        ($T, $T)
    };
}

/// The sum of one or two terms.
macro_rules! sum {
    ($a:expr) => {
        $a
    };
    ($a:expr, $b:expr) => {
        $a + $b
    };
}

pub(super) use {count, functions, parts, sum};
