//! The declaration of an operation: the function, and its companion with the functions that every companion has.

/// Declares operations from their names: each differentiated operand with its direction, its adjoint and the derivatives
/// of that adjoint, then the parameters that are not differentiated.
///
/// ```text
/// /// Documentation.
/// fn dot(a da a_bar da_bar, b db b_bar db_bar;) -> scalar;
/// fn matvec(a da a_bar da_bar, x dx x_bar dx_bar; rows: usize) -> vector;
/// ```
macro_rules! operations {
    ($(
        $(#[$documentation:meta])*
        fn $name:ident($($x:ident $dx:ident $x_bar:ident $dx_bar:ident),+; $($s:ident: $S:ty),*) -> $kind:ident;
    )*) => { $(
        $(#[$documentation])*
        #[inline]
        #[track_caller]
        pub fn $name<T: Scalar>($($x: &[T],)+ $($s: $S),*) -> output!($kind T) {
            companion::value::<$name, T, _>(($($s,)*), [$($x),+])
        }

        #[doc = concat!("The derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        // The companion has the function's name: that is how derivatives are found.
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl Named<{ [$(stringify!($x)),+].len() }> for $name {
            const NAME: &'static str = stringify!($name);
            const OPERANDS: [&'static str; { [$(stringify!($x)),+].len() }] = [$(stringify!($x)),+];
        }

        // A derivative takes what the function takes, and directions or adjoints beside it.
        // Of several operands the lifetimes have to be one, which what is handed back holds; of one it could be elided.
        #[allow(clippy::too_many_arguments, clippy::type_complexity, clippy::needless_lifetimes)]
        impl $name {
            /// The value and its derivative along a direction (forward mode).
            ///
            /// # Panics
            ///
            /// When the function does, and when a direction is not as long as its operand.
            #[inline]
            #[track_caller]
            pub fn jvp<T: Scalar>(
                $($x: &[T],)+ $($s: $S,)* $($dx: &[T]),+
            ) -> (output!($kind T), output!($kind T)) {
                companion::jvp::<Self, T, _>(($($s,)*), [$($x),+], [$($dx),+])
            }

            /// The value and the adjoints of the operands (reverse mode).
            ///
            /// # Panics
            ///
            /// When the function does, and when the cotangent is not as long as the result.
            #[inline]
            #[track_caller]
            pub fn vjp<T: Scalar>(
                $($x: &[T],)+ $($s: $S,)* dr: cotangent!($kind T)
            ) -> (output!($kind T), adjoints!(T $($x)+)) {
                let (value, [$($x),+]) = companion::vjp::<Self, T, _>(($($s,)*), [$($x),+], cotangent!($kind dr));
                (value, ($($x),+))
            }

            /// The value; adds to the adjoints of the operands (reverse mode, in place).
            ///
            /// # Panics
            ///
            /// When the function does, and when an adjoint or the cotangent is not as long as what it belongs to.
            #[inline]
            #[track_caller]
            pub fn vjp_into<T: Scalar>(
                $($x: &[T],)+ $($s: $S,)* dr: cotangent!($kind T), $($x_bar: &mut [T]),+
            ) -> output!($kind T) {
                Self::vjp_into_with(&mut Workspace::new(), $($x,)+ $($s,)* dr, $($x_bar),+)
            }

            /// As [`Self::vjp_into`], with buffers that are kept from one call to the next.
            ///
            /// # Panics
            ///
            /// As [`Self::vjp_into`].
            #[inline]
            #[track_caller]
            pub fn vjp_into_with<T: Scalar>(
                workspace: &mut Workspace,
                $($x: &[T],)+ $($s: $S,)* dr: cotangent!($kind T), $($x_bar: &mut [T]),+
            ) -> output!($kind T) {
                companion::vjp_into_with::<Self, T, _>(
                    workspace, ($($s,)*), [$($x),+], cotangent!($kind dr), [$($x_bar),+],
                )
            }

            /// The value, and a function from a cotangent of it to the adjoints of the operands.
            ///
            /// # Panics
            ///
            /// When the function does. The function that is handed back panics when the cotangent is not as long as
            /// the result.
            #[inline]
            #[track_caller]
            pub fn pullback<'a, T: Scalar>(
                $($x: &'a [T],)+ $($s: $S),*
            ) -> (output!($kind T), impl Fn(cotangent!($kind T)) -> adjoints!(T $($x)+)) {
                let (value, pull) = companion::pullback::<Self, T, _>(($($s,)*), [$($x),+]);
                (value, move |dr: cotangent!($kind T)| {
                    let [$($x),+] = pull(cotangent!($kind dr));
                    ($($x),+)
                })
            }

            higher_order! { $kind $($x $dx $x_bar),+; $($s: $S),* }

            /// That all parameters vary; asked by generated functions.
            #[doc(hidden)]
            pub const __VARYING: &'static [bool] =
                &[$($crate::ops::declare::varies!($x),)+ $($crate::ops::declare::varies!($s)),*];

            /// That directions go along; asked by generated functions.
            #[doc(hidden)]
            pub const __SECOND_DERIVATIVES: bool = true;

            /// The value and its derivatives along several directions; called by generated functions.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            pub fn __jvp<T: Scalar, D: Directional<Scalar = T>>(
                $($x: &[T],)+ $($s: $S,)* $($dx: &[D],)+ $(_: $crate::ops::declare::nothing!($s)),*
            ) -> (output!($kind T), output!($kind D)) {
                sweeps::jvp::<Self, T, D, _>(($($s,)*), [$($x),+], [$($dx),+])
            }

            /// As [`Self::__jvp`], and leaves what the reverse sweep needs; called by generated functions.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            pub fn __forward<T: Scalar, D: Directional<Scalar = T>>(
                $($x: &[T],)+ $($s: $S,)* $($dx: &[D],)+ $(_: $crate::ops::declare::nothing!($s),)* tape: &mut SharedTape,
            ) -> (output!($kind T), output!($kind D)) {
                sweeps::forward::<Self, T, D, _>(($($s,)*), [$($x),+], [$($dx),+], tape)
            }

            /// Adds to the adjoints, and to their derivatives; called by generated functions.
            #[doc(hidden)]
            #[inline]
            pub fn __reverse<T: Scalar, D: Directional<Scalar = T>>(
                $($x: &[T],)+ $($s: $S,)*
                $($dx: &[D],)+ $(_: $crate::ops::declare::nothing!($s),)*
                r: cotangent!($kind T), dr: cotangent!($kind D),
                $($x_bar: &mut [T],)+ $(_: &mut $crate::ops::declare::nothing!($s),)*
                $($dx_bar: &mut [D],)+ $(_: &mut $crate::ops::declare::nothing!($s),)*
                reader: &mut Reader<'_>,
            ) {
                let adjoints = sweeps::Adjoints {
                    cotangent: cotangent!($kind r),
                    change: cotangent!($kind dr),
                    into: [$($x_bar),+],
                    along: [$($dx_bar),+],
                };
                sweeps::reverse::<Self, T, D, _>(($($s,)*), [$($x),+], [$($dx),+], adjoints, reader);
            }
        }
    )* };
}

/// The type of a result.
macro_rules! output {
    (scalar $T:ident) => { $T };
    (vector $T:ident) => { Vec<$T> };
}

/// The type of a cotangent, or a cotangent as a slice.
macro_rules! cotangent {
    (scalar T) => {
        T
    };
    (vector T) => {
        &[T]
    };
    (scalar D) => {
        D
    };
    (vector D) => {
        &[D]
    };
    (scalar $r:ident) => {
        core::slice::from_ref(&$r)
    };
    (vector $r:ident) => {
        $r
    };
}

/// What goes with a parameter that is not differentiated.
macro_rules! nothing {
    ($s:ident) => {
        ()
    };
}

/// The type of the adjoints of all operands: of one, the bare type.
macro_rules! adjoints {
    ($T:ident $a:ident) => { Vec<$T> };
    ($T:ident $a:ident $b:ident) => { (Vec<$T>, Vec<$T>) };
}

/// What companions have besides, depending on the result.
macro_rules! higher_order {
    (scalar $($x:ident $dx:ident $x_bar:ident),+; $($s:ident: $S:ty),*) => {
        /// The gradient.
        ///
        /// # Panics
        ///
        /// When the function does.
        #[inline]
        #[track_caller]
        pub fn gradient<T: Scalar>($($x: &[T],)+ $($s: $S),*) -> adjoints!(T $($x)+) {
            Self::vjp($($x,)+ $($s,)* T::one()).1
        }

        /// The value; overwrites the adjoints of the operands with the gradient.
        ///
        /// # Panics
        ///
        /// When the function does, and when an adjoint is not as long as its operand.
        #[inline]
        #[track_caller]
        pub fn gradient_into<T: Scalar>($($x: &[T],)+ $($s: $S,)* $($x_bar: &mut [T]),+) -> T {
            Self::gradient_into_with(&mut Workspace::new(), $($x,)+ $($s,)* $($x_bar),+)
        }

        /// As [`Self::gradient_into`], with buffers that are kept from one call to the next.
        ///
        /// # Panics
        ///
        /// As [`Self::gradient_into`].
        #[inline]
        #[track_caller]
        pub fn gradient_into_with<T: Scalar>(
            workspace: &mut Workspace, $($x: &[T],)+ $($s: $S,)* $($x_bar: &mut [T]),+
        ) -> T {
            companion::gradient_into_with::<Self, T, _>(workspace, ($($s,)*), [$($x),+], [$($x_bar),+])
        }

        /// The value and the gradient.
        ///
        /// # Panics
        ///
        /// When the function does.
        #[inline]
        #[track_caller]
        pub fn value_and_gradient<T: Scalar>($($x: &[T],)+ $($s: $S),*) -> (T, adjoints!(T $($x)+)) {
            Self::vjp($($x,)+ $($s,)* T::one())
        }

        /// The gradient and its derivative along a direction: the Hessian times that direction.
        ///
        /// # Panics
        ///
        /// When the function does, and when a direction is not as long as its operand.
        #[inline]
        #[track_caller]
        pub fn hvp<T: Scalar>(
            $($x: &[T],)+ $($s: $S,)* $($dx: &[T]),+
        ) -> (adjoints!(T $($x)+), adjoints!(T $($x)+)) {
            let ([$($x),+], [$($dx),+]) = companion::hvp::<Self, T, _>(($($s,)*), [$($x),+], [$($dx),+]);
            (($($x),+), ($($dx),+))
        }

        /// The Hessian: rows and columns are the operands, one behind the other.
        ///
        /// # Panics
        ///
        /// When the function does.
        #[inline]
        #[track_caller]
        pub fn hessian<T: Scalar>($($x: &[T],)+ $($s: $S),*) -> Matrix<T> {
            Self::value_gradient_hessian($($x,)+ $($s),*).2
        }

        /// The value, the gradient and the Hessian.
        ///
        /// # Panics
        ///
        /// When the function does.
        #[inline]
        #[track_caller]
        pub fn value_gradient_hessian<T: Scalar>(
            $($x: &[T],)+ $($s: $S),*
        ) -> (T, adjoints!(T $($x)+), Matrix<T>) {
            let (value, [$($x),+], hessian) =
                companion::value_gradient_hessian::<Self, T, _>(($($s,)*), [$($x),+]);
            (value, ($($x),+), hessian)
        }
    };
    (vector $($x:ident $dx:ident $x_bar:ident),+; $($s:ident: $S:ty),*) => {
        /// The Jacobian: a row for each result, a column for each scalar of the operands, one behind the other.
        ///
        /// # Panics
        ///
        /// When the function does.
        #[inline]
        #[track_caller]
        pub fn jacobian<T: Scalar>($($x: &[T],)+ $($s: $S),*) -> Matrix<T> {
            companion::jacobian::<Self, T, _>(($($s,)*), [$($x),+])
        }
    };
}

/// Whether a parameter varies, or has no derivative at all.
macro_rules! varies {
    ($parameter:ident) => {
        true
    };
}

pub(super) use {adjoints, cotangent, higher_order, nothing, operations, output, varies};
