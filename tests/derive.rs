//! `#[derive(Differentiable)]`: the tangents of structs of every kind.

#[path = "derive/hygiene.rs"]
mod hygiene;
#[path = "derive/laws.rs"]
mod laws;
#[path = "derive/lints.rs"]
mod lints;

use std::marker::PhantomData;

use autodiff::{Differentiable, Tangent};
use laws::check;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Named {
    mass: f64,
    speed: f32,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tuple(f64, [f64; 2], bool);

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Unit;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Braces {}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Parentheses();

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Collections {
    vector: Vec<f64>,
    array: [[f32; 2]; 3],
    pair: (f64, [f64; 2]),
    maybe: Option<f64>,
    never: Option<Vec<f64>>,
    boxed: Box<f64>,
    slice: Box<[f64]>,
    nested: Vec<Vec<(f64, bool)>>,
}

fn collections() -> Collections {
    Collections {
        vector: vec![1.0, 2.0, 3.0],
        array: [[1.0; 2]; 3],
        pair: (0.5, [2.0, 4.0]),
        maybe: Some(1.0),
        never: None,
        boxed: Box::new(7.0),
        slice: vec![1.0, 2.0].into_boxed_slice(),
        nested: vec![vec![], vec![(1.0, true), (2.0, false)]],
    }
}

/// Fields of which the syntax shows that nothing moves, and one of which it does not.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Inactive<'a> {
    weight: f64,
    count: usize,
    label: &'a str,
    names: Vec<String>,
    range: std::ops::Range<usize>,
    flags: [bool; 4],
    marker: PhantomData<f64>,
    #[no_derivative]
    kind: Kind,
    #[no_derivative]
    constant: f64,
}

/// Functions do not move either; this struct has no `PartialEq`, since functions have none to rely on.
#[derive(Differentiable)]
struct WithFunctions {
    scale: f64,
    function: fn(f64) -> f64,
    boxed: Box<dyn Fn(f64) -> f64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Solid,
}

fn inactive() -> Inactive<'static> {
    Inactive {
        weight: 2.0,
        count: 3,
        label: "steel",
        names: vec!["a".to_owned()],
        range: 0..4,
        flags: [true; 4],
        marker: PhantomData,
        kind: Kind::Solid,
        constant: 9.81,
    }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Nested {
    named: Named,
    tuples: Vec<Tuple>,
    pair: [Named; 2],
    unit: Unit,
    option: Option<Box<Named>>,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Generic<T, U: Clone, const N: usize, W = f64>
where
    W: PartialEq,
{
    element: T,
    elements: Vec<[T; N]>,
    other: Option<U>,
    third: W,
}

/// A parameter that no active field mentions is not differentiable, and not a parameter of the tangent.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tagged<'a, Tag, T>
where
    Tag: 'a,
    T: From<f32>,
{
    value: T,
    #[no_derivative]
    tag: &'a Tag,
    marker: PhantomData<Tag>,
}

#[derive(Clone, Debug, PartialEq)]
struct NotDifferentiable;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct View<'a, 'b: 'a> {
    x: &'a f64,
    rows: &'b [[f64; 2]],
    inner: Borrowed<'a>,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Borrowed<'a> {
    name: &'a str,
    size: f64,
}

/// A type parameter of which only an associated type is differentiated.
trait Model {
    type State;
}

#[derive(Clone, Debug, PartialEq)]
struct Pendulum;

impl Model for Pendulum {
    type State = Named;
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Simulation<M: Model>
where
    M::State: Clone,
{
    state: M::State,
    history: Vec<<M as Model>::State>,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct List {
    head: f64,
    tail: Option<Box<List>>,
}

/// `Self` is the struct, in its tangent too.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tree<T> {
    value: T,
    children: Vec<Box<Self>>,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
#[differentiable(default, copy, tangent = Direction)]
struct Large<T> {
    many: [f64; 40],
    pairs: [(T, f32); 2],
    count: usize,
}

const SIDE: usize = 3;

/// Lengths that are expressions.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Grid<const N: usize> {
    cells: [f64; SIDE * SIDE],
    row: [f64; N],
    fixed: [[f64; N]; 1 + 1],
}

mod facade {
    pub use autodiff as renamed;
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
#[differentiable(crate = crate::facade::renamed)]
struct Reexported {
    x: f64,
}

#[test]
fn named_fields() {
    check(
        Named {
            mass: 1.0,
            speed: 2.0,
        },
        2,
    );
    let gradient = NamedTangent {
        mass: 1.5,
        speed: -2.0,
    };
    assert_eq!(
        format!("{gradient:?}"),
        "NamedTangent { mass: 1.5, speed: -2.0 }"
    );
    assert_eq!(gradient.flatten(), [1.5, -2.0]);
}

#[test]
fn unnamed_fields() {
    check(Tuple(1.0, [2.0, 3.0], true), 3);
    assert_eq!(
        format!("{:?}", TupleTangent(1.0, [2.0, 3.0], ())),
        "TupleTangent(1.0, [2.0, 3.0], ())"
    );
}

#[test]
fn no_fields() {
    check(Unit, 0);
    check(Braces {}, 0);
    check(Parentheses(), 0);
    assert_eq!(format!("{UnitTangent:?}"), "UnitTangent");
}

#[test]
fn fields_of_the_standard_library() {
    check(collections(), 3 + 6 + 3 + 1 + 1 + 2 + 2);
    let zero = collections().zero_tangent();
    assert_eq!(zero.vector, [0.0; 3]);
    assert_eq!(zero.maybe, Some(0.0));
    assert_eq!(zero.never, None);
    assert_eq!(zero.nested, [vec![], vec![(0.0, ()), (0.0, ())]]);
}

#[test]
fn fields_that_do_not_move() {
    check(inactive(), 1);
    let InactiveTangent {
        weight,
        count: (),
        label: (),
        names: (),
        range: (),
        flags: (),
        marker: (),
        kind: (),
        constant: (),
    } = inactive().zero_tangent();
    assert_eq!(weight, 0.0);
    let mut with_functions = WithFunctions {
        scale: 2.0,
        function: f64::abs,
        boxed: Box::new(f64::abs),
    };
    let step = WithFunctionsTangent {
        scale: -3.0,
        function: (),
        boxed: (),
    };
    with_functions.move_by(&step);
    let WithFunctions {
        scale,
        function,
        boxed,
    } = with_functions;
    assert_eq!(boxed(function(scale)), 1.0);
}

#[test]
fn structs_in_structs() {
    let named = Named {
        mass: 1.0,
        speed: 2.0,
    };
    let nested = Nested {
        named: named.clone(),
        tuples: vec![Tuple(1.0, [2.0, 3.0], true); 2],
        pair: [named.clone(), named.clone()],
        unit: Unit,
        option: Some(Box::new(named)),
    };
    check(nested, 2 + 6 + 4 + 2);
}

#[test]
fn generic_structs() {
    let generic: Generic<f32, Named, 2> = Generic {
        element: 1.0,
        elements: vec![[1.0, 2.0]; 3],
        other: Some(Named {
            mass: 1.0,
            speed: 2.0,
        }),
        third: 4.0,
    };
    check(generic, 1 + 6 + 2 + 1);

    let not_differentiable = NotDifferentiable;
    let tagged = Tagged {
        value: 1.0,
        tag: &not_differentiable,
        marker: PhantomData,
    };
    check(tagged.clone(), 1);
    let tangent: TaggedTangent<f64> = tagged.zero_tangent();
    assert_eq!(tangent.value, 0.0);

    let simulation: Simulation<Pendulum> = Simulation {
        state: Named {
            mass: 1.0,
            speed: 2.0,
        },
        history: Vec::new(),
    };
    assert_eq!(simulation.zero_tangent().state.mass, 0.0);
    assert_eq!(simulation.zero_tangent().dimension(), 2);
}

/// What is borrowed has tangents, though it can't be moved.
#[test]
fn borrowed_fields() {
    let rows = [[1.0, 2.0]; 3];
    let view = View {
        x: &1.0,
        rows: &rows,
        inner: Borrowed {
            name: "a view",
            size: 2.0,
        },
    };
    let zero = view.zero_tangent();
    assert_eq!(zero.rows, vec![[0.0, 0.0]; 3]);
    assert_eq!(zero.dimension(), 8);
}

#[test]
fn recursive_structs() {
    let list = List {
        head: 1.0,
        tail: Some(Box::new(List {
            head: 2.0,
            tail: None,
        })),
    };
    check(list, 2);
    let leaf = Tree {
        value: [1.0, 2.0],
        children: Vec::new(),
    };
    let tree = Tree {
        value: [0.0, 1.0],
        children: vec![Box::new(leaf.clone()), Box::new(leaf)],
    };
    check(tree, 6);
}

#[test]
fn options() {
    let large = Large {
        many: [1.0; 40],
        pairs: [(1.0_f64, 2.0); 2],
        count: 3,
    };
    check(large.clone(), 44);
    let default = Direction::default();
    let copy = default;
    assert_eq!(default, large.zero_tangent());
    assert_eq!(copy, default);
    check(Reexported { x: 1.0 }, 1);
}

#[test]
fn lengths_that_are_expressions() {
    let grid = Grid::<2> {
        cells: [1.0; 9],
        row: [1.0; 2],
        fixed: [[1.0; 2]; 2],
    };
    check(grid, 15);
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit length 3")]
fn tangents_of_different_shapes_do_not_add_up() {
    let mut tangent = collections().zero_tangent();
    let mut other = tangent.clone();
    other.vector.truncate(1);
    tangent.accumulate(&other);
}
