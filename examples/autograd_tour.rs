//! A walk through tensors whose gradients are tracked: what they print, how gradients flow, add up and are taken twice,
//! and what goes wrong, with the messages. Run with `cargo run --release --example autograd_tour`.

use autodiff::{
    AutogradError, Backward, Grad, GradFn, Tensor, checkpoint, functional, grad, grad_with,
    gradcheck, no_grad, tensor,
};

fn main() -> Result<(), AutogradError> {
    tracking()?;
    gradients_by_hand_and_by_machine()?;
    the_graph();
    accumulation_and_walking_twice()?;
    vectors_and_jacobians()?;
    derivatives_of_derivatives()?;
    leaving_the_graph()?;
    changing_in_place()?;
    what_goes_wrong();
    checking()
}

fn title(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.chars().count()));
}

/// Prints an expression and what it gives.
macro_rules! show {
    ($expression:expr) => {
        println!(
            "{} = {}",
            stringify!($expression),
            $expression.to_string().replace("\n", "\n    ")
        )
    };
}

fn tracking() -> Result<(), AutogradError> {
    title("Tracking");
    let x = tensor([[1.0, 2.0], [3.0, 4.0]]).require_grad();
    let y = &x + 2.0;
    let z = y.powi(2) * 3.0;
    let out = z.mean();
    show!(x);
    show!(y);
    show!(z);
    show!(out);
    out.backward()?;
    println!("after out.backward():");
    println!(
        "x.grad = {}",
        x.grad().expect("backward fills the gradients of leaves")
    );
    Ok(())
}

fn gradients_by_hand_and_by_machine() -> Result<(), AutogradError> {
    title("cos(x) + sin(x) at 2");
    let x = tensor(2.0).require_grad();
    let y = x.cos() + x.sin();
    show!(y);
    show!(grad(&[&y], &[&x])?[0]);
    show!(-x.sin() + x.cos());
    println!("grad leaves x.grad alone: {:?}", x.grad());
    Ok(())
}

fn the_graph() {
    title("The graph behind sin(sum(sin(b))²)");
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let c = b.sin().sum().powi(2).sin();
    show!(c);
    let mut function: Option<GradFn> = c.grad_fn();
    while let Some(node) = function {
        println!("  {}", node.name());
        function = node.next_functions().into_iter().next().flatten();
    }
}

fn accumulation_and_walking_twice() -> Result<(), AutogradError> {
    title("Gradients add up in leaves");
    let x = tensor(2.0).require_grad();
    let y = x.cos() + x.sin();
    for walk in 1..=3 {
        y.backward_with(Backward::new().retain_graph(true))?;
        println!(
            "after walk {walk}: {}",
            x.grad().expect("the leaf was reached")
        );
    }
    x.zero_grad();
    println!("after zero_grad: {:?}", x.grad());
    Ok(())
}

fn vectors_and_jacobians() -> Result<(), AutogradError> {
    title("Vectors");
    let x = tensor([1.0, 2.0, -2.0]).require_grad();
    let y = x.powi(2);
    y.backward_with(Backward::new().gradient(&tensor([1.0, 0.8, 0.6])))?;
    show!(y);
    println!(
        "weights [1, 0.8, 0.6] give {}",
        x.grad().expect("the leaf was reached")
    );
    show!(functional::jacobian(|x| x[0].powi(2), &[&x])?[0]);

    let x = tensor([2.0, 2.0, 2.0]).require_grad();
    let last = (2.0 * &x).cumsum(0).at(-1);
    show!(last);
    show!(grad(&[&last], &[&x])?[0]);
    Ok(())
}

fn derivatives_of_derivatives() -> Result<(), AutogradError> {
    title("x⁴ at 2, and its derivatives");
    let x = tensor(2.0).require_grad();
    let mut g = x.powi(4);
    println!("{g}");
    for _ in 0..5 {
        g = grad_with(&[&g], &[&x], Grad::new().create_graph(true))?
            .remove(0)
            .expect("x is reached");
        println!("{g}");
    }
    let rosenbrock =
        |p: &[Tensor]| (1.0 - &p[0]).square() + (&p[1] - p[0].square()).square() * 100.0;
    let hessian = functional::hessian(rosenbrock, &[&tensor(1.2), &tensor(1.0)])?;
    println!(
        "Hessian of Rosenbrock's function: [[{}, {}], [{}, {}]]",
        hessian[0][0], hessian[0][1], hessian[1][0], hessian[1][1]
    );
    Ok(())
}

fn leaving_the_graph() -> Result<(), AutogradError> {
    title("Leaving the graph");
    let x = tensor(2.0).require_grad();
    let constant = (&x * &x).detach();
    show!(constant);
    (&x * &constant).backward()?;
    println!(
        "d(x * constant)/dx = {}",
        x.grad().expect("the leaf was reached")
    );
    show!(no_grad(|| &x * &x));
    let kept = checkpoint(|x| x[0].sin().exp(), &[&x]);
    println!("computed again on the way back: {kept}");
    Ok(())
}

fn changing_in_place() -> Result<(), AutogradError> {
    title("Changing in place");
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let y = &x * 1.0;
    y.at(1).fill_(7.0)?;
    show!(y);
    y.powi(2).sum().backward()?;
    println!("x.grad = {}", x.grad().expect("the leaf was reached"));
    Ok(())
}

fn what_goes_wrong() {
    title("What goes wrong, and what is said then");
    let x = tensor([1.0, 2.0]).require_grad();
    let y = x.exp();
    let failures = [
        ("backward of two elements", y.backward()),
        ("backward of a constant", tensor(1.0).backward()),
        ("changing a leaf", x.add_(&tensor(1.0))),
        (
            "an unused input",
            grad(&[&y.sum()], &[&tensor(0.0).require_grad()]).map(drop),
        ),
        ("shapes", x.try_add(&tensor([1.0, 2.0, 3.0])).map(drop)),
        (
            "walking twice",
            y.sum().backward().and_then(|()| y.sum().backward()),
        ),
        ("a saved value overwritten", {
            let z = x.exp();
            z.mul_(&tensor(2.0)).and_then(|()| z.sum().backward())
        }),
    ];
    for (what, result) in failures {
        println!(
            "{what}:\n  {}",
            result.expect_err("each of these is an error")
        );
    }
}

fn checking() -> Result<(), AutogradError> {
    title("Checking derivatives against differences");
    gradcheck(
        |x| x[0].matmul(&x[1]).tanh(),
        &[tensor([[0.1, 0.2]]), tensor([[0.3], [0.4]])],
    )?;
    println!("tanh(A B): the gradients agree");
    let cut = gradcheck(|x| x[0].sin() * x[0].detach(), &[tensor([0.5])]);
    println!(
        "with a detach in it: {}",
        cut.expect_err("a detached factor has no gradient")
    );
    Ok(())
}
