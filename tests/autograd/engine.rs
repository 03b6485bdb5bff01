//! The engine under load: depth, threads, shared parts, panics, and what outlives what.

use std::sync::{Arc, Barrier};

use autodiff::{
    Backward, Grad, Tensor, checkpoint, grad, grad_with, gradcheck, gradgradcheck, tensor,
};

#[test]
fn a_chain_of_a_million_nodes_in_a_default_stack() {
    let x = tensor(1.0).require_grad();
    let mut y = x.clone();
    for _ in 0..1_000_000 {
        y = &y + 1.0;
    }
    y.backward().unwrap();
    assert_eq!(x.grad().unwrap().item(), 1.0);
    drop(y);
}

#[test]
fn a_deep_chain_of_saved_results_is_dropped_without_a_walk() {
    let x = tensor(0.5).require_grad();
    let mut y = x.clone();
    for _ in 0..200_000 {
        y = y.tanh() * &y;
    }
    drop(y);
}

#[test]
fn a_recorded_walk_of_a_deep_chain() {
    let x = tensor(1.0).require_grad();
    let mut y = &x * 1.0;
    for _ in 0..20_000 {
        y = &y * 1.00001;
    }
    let g = grad_with(&[&(&y * &y)], &[&x], Grad::new().create_graph(true))
        .unwrap()
        .remove(0)
        .unwrap();
    let second = grad(&[&g], &[&x]).unwrap().remove(0).item();
    assert!((second - 2.0 * 1.00001_f64.powi(40_000)).abs() < 1e-9);
}

/// A chain of operations, each of which keeps its result, that would overflow a stack if it were walked by recursion.
fn chain(x: &Tensor) -> Tensor {
    (0..200_000).fold(x.clone(), |y, _| y.tanh())
}

#[test]
fn long_graphs_are_dropped_whoever_holds_them_last() {
    let x = tensor(0.5).require_grad();
    // Held by a handle to the operation in the middle and by the one at the end, after the tensor has gone.
    let y = chain(&x);
    let middle = y.tanh();
    let last = middle.grad_fn().unwrap();
    let inner = last.next_functions()[0].clone().unwrap();
    drop((y, middle, last));
    assert_eq!(inner.name(), "TanhBackward");
    drop(inner);
    // Walked in part: a target in the middle leaves what is behind it as it was.
    let first = chain(&x);
    let second = chain(&first);
    grad(&[&second], &[&first]).unwrap();
    drop(second);
    first.backward().unwrap();
    drop(first);
    // Walked to an error halfway, where a value was overwritten.
    let first = chain(&x);
    let second = chain(&first);
    first.fill_(2.0).unwrap();
    assert!(second.backward().is_err());
    drop((first, second));
    // Held by a saved value, a hook and a retained gradient.
    let y = chain(&x);
    let kept = y.clone();
    let z = &y * 2.0;
    z.retain_grad().unwrap();
    z.register_hook(move |_| Some(kept.detach())).unwrap();
    z.backward().unwrap();
    drop(y);
    drop(z);
}

#[test]
fn a_recorded_walk_of_a_long_chain_is_dropped_too() {
    let x = tensor(1.0).require_grad();
    let y = (0..100_000).fold(&x * 1.0, |y, _| y.tanh());
    let options = || Grad::new().create_graph(true);
    let g = grad_with(&[&y], &[&x], options()).unwrap().remove(0);
    drop(y);
    // The gradient alone holds both graphs.
    assert!(g.as_ref().unwrap().requires_grad());
    drop(g);
    // A gradient that a leaf keeps, and that knows the leaf: a cycle until it is forgotten.
    let y = (0..100_000).fold(&x * 1.0, |y, _| y.tanh());
    y.backward_with(Backward::new().create_graph(true)).unwrap();
    drop(y);
    assert!(x.grad().unwrap().requires_grad());
    x.zero_grad();
}

#[test]
fn exponentially_many_paths_are_walked_once() {
    let x = tensor(1.0).require_grad();
    let mut y = x.clone();
    for _ in 0..60 {
        y = &y + &y;
    }
    y.backward().unwrap();
    assert_eq!(x.grad().unwrap().item(), 2.0_f64.powi(60));
}

#[test]
fn a_wide_node_is_gathered_from_many_leaves_and_back() {
    let leaves: Vec<Tensor> = (0..2000)
        .map(|i| tensor(f64::from(i)).require_grad())
        .collect();
    let squares: Vec<Tensor> = leaves.iter().map(Tensor::square).collect();
    let sum = Tensor::stack(&squares.iter().collect::<Vec<_>>(), 0).sum();
    for walk in 1..=2 {
        sum.backward_with(Backward::new().retain_graph(true))
            .unwrap();
        assert!(
            leaves
                .iter()
                .enumerate()
                .all(|(i, x)| x.grad().unwrap().item() == f64::from(walk) * 2.0 * i as f64)
        );
    }
}

/// Eight threads that add to the gradient of one leaf at once, `rounds` times each.
fn add_from_threads(x: &Tensor, rounds: usize) {
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let start = &start;
            scope.spawn(move || {
                let losses: Vec<Tensor> =
                    (0..rounds).map(|_| (x * f64::from(thread)).sum()).collect();
                start.wait();
                losses.iter().for_each(|loss| loss.backward().unwrap());
            });
        }
    });
}

#[test]
fn threads_share_leaves_and_their_gradients_add_up() {
    // Sums of many elements take long enough for threads to meet in the middle of them.
    let x = Tensor::full(&[20_000], 1.5).require_grad();
    add_from_threads(&x, 12);
    assert_eq!(x.grad().unwrap(), Tensor::full(&[20_000], 12.0 * 28.0));
    // The first gradient of a leaf is put in place rather than added.
    for _ in 0..100 {
        let x = Tensor::full(&[2000], 1.5).require_grad();
        add_from_threads(&x, 1);
        assert_eq!(x.grad().unwrap(), Tensor::full(&[2000], 28.0));
    }
}

#[test]
fn threads_walk_one_graph_at_once() {
    let x = Tensor::full(&[8], 0.5).require_grad();
    let w = Tensor::full(&[8], 2.0).require_grad();
    let y = ((&x * &w).sin() + &x).exp().sum();
    let expected = grad_with(&[&y], &[&x, &w], Grad::new().retain_graph(true)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let found =
                        grad_with(&[&y], &[&x, &w], Grad::new().retain_graph(true)).unwrap();
                    assert_eq!(found, expected);
                }
            });
        }
    });
}

#[test]
fn threads_write_in_place_while_others_read() {
    let (a, b) = (Tensor::<f64>::zeros(&[256]), Tensor::<f64>::ones(&[256]));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (a, b) = if thread % 2 == 0 { (&a, &b) } else { (&b, &a) };
            scope.spawn(move || {
                for _ in 0..200 {
                    let _ = a * b + b;
                    a.add_(b).unwrap();
                    a.fill_(1.0).unwrap();
                }
            });
        }
    });
    assert_eq!(a.version(), 800);
}

#[test]
fn a_chain_dropped_from_two_threads() {
    for _ in 0..20 {
        let x = tensor(1.0).require_grad();
        let mut y = x.clone();
        for _ in 0..20_000 {
            y = &y + 1.0;
        }
        let (a, b) = (y.clone(), y);
        std::thread::scope(|scope| {
            scope.spawn(move || drop(a));
            scope.spawn(move || drop(b));
        });
    }
}

#[test]
fn gradients_of_one_walk_do_not_share_memory() {
    let x = tensor([1.0, 2.0]).require_grad();
    let y = tensor([3.0, 4.0]).require_grad();
    (&x + &y).sum().backward().unwrap();
    (&x * 2.0).sum().backward().unwrap();
    assert_eq!(x.grad().unwrap(), tensor([3.0, 3.0]));
    assert_eq!(y.grad().unwrap(), tensor([1.0, 1.0]));
}

#[test]
fn the_gradient_passed_in_is_left_alone() {
    let x = tensor([1.0, 2.0]).require_grad();
    let seed = tensor([1.0, 1.0]);
    x.backward_with(Backward::new().gradient(&seed)).unwrap();
    x.backward_with(Backward::new().gradient(&seed)).unwrap();
    assert_eq!(x.grad().unwrap(), tensor([2.0, 2.0]));
    assert_eq!(seed, tensor([1.0, 1.0]));
}

#[test]
fn a_view_from_before_a_change_sees_it() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let y = &x * 1.0;
    let (row, handle) = (y.narrow(0, 1, 2), y.clone());
    y.mul_(&tensor([2.0, 3.0, 4.0])).unwrap();
    assert_eq!(row, tensor([6.0, 12.0]));
    assert_eq!(
        grad_with(&[&row.sum()], &[&x], Grad::new().retain_graph(true)).unwrap(),
        [Some(tensor([0.0, 3.0, 4.0]))]
    );
    assert_eq!(
        grad(&[&handle.sum()], &[&x]).unwrap(),
        [tensor([2.0, 3.0, 4.0])]
    );
}

#[test]
fn views_of_a_changed_tensor_keep_their_hooks_and_gradients() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let y = &x * 1.0;
    let before = y.narrow(0, 1, 2);
    y.mul_(&tensor(2.0)).unwrap();
    let after = y.at(0);
    assert_eq!(after.grad_fn().unwrap().name(), "SelectBackward");
    assert!(
        before
            .grad_fn()
            .unwrap()
            .is_same(&before.grad_fn().unwrap())
    );
    before.retain_grad().unwrap();
    after.register_hook(|g| Some(g * 10.0)).unwrap();
    (&before * 3.0)
        .sum()
        .backward_with(Backward::new().retain_graph(true))
        .unwrap();
    assert_eq!(before.grad().unwrap(), tensor([3.0, 3.0]));
    assert_eq!(x.grad().unwrap(), tensor([0.0, 6.0, 6.0]));
    after
        .backward_with(Backward::new().retain_graph(true))
        .unwrap();
    assert_eq!(x.grad().unwrap(), tensor([20.0, 6.0, 6.0]));
    // A second change makes the view from between the changes an old one.
    y.mul_(&tensor(5.0)).unwrap();
    assert_eq!(grad(&[&after], &[&x]).unwrap(), [tensor([10.0, 0.0, 0.0])]);
}

#[test]
fn a_copy_of_an_older_value_supersedes_a_younger_one() {
    let x = tensor([1.0, 2.0]).require_grad();
    let source = &x * 2.0;
    let y = &x * 3.0;
    let view = y.at(0);
    y.copy_(&source).unwrap();
    assert_eq!(y, tensor([2.0, 4.0]));
    assert_eq!(
        grad_with(&[&y.sum()], &[&x], Grad::new().retain_graph(true)).unwrap(),
        [Some(tensor([2.0, 2.0]))]
    );
    assert_eq!(
        grad_with(&[&view], &[&x], Grad::new().retain_graph(true)).unwrap(),
        [Some(tensor([2.0, 0.0]))]
    );
    // A leaf as the source is older than anything.
    y.copy_(&x).unwrap();
    assert_eq!(grad(&[&y.sum()], &[&x]).unwrap(), [tensor([1.0, 1.0])]);
}

#[test]
fn an_untracked_tensor_becomes_tracked_by_what_is_written_into_it() {
    let x = tensor([1.0, 2.0]).require_grad();
    let buffer = Tensor::zeros(&[2, 2]);
    let corner = buffer.at(1);
    corner.copy_(&(&x * 3.0)).unwrap();
    assert!(buffer.requires_grad() && corner.requires_grad());
    assert_eq!(
        grad(&[&buffer.powi(2).sum()], &[&x]).unwrap(),
        [tensor([18.0, 36.0])]
    );
}

#[test]
fn an_error_in_a_walk_leaves_the_engine_usable() {
    let x = tensor([1.0, 2.0]).require_grad();
    let y = x.exp();
    let z = (&y * &x).sum();
    y.add_(&tensor(1.0)).unwrap();
    assert!(z.backward().is_err());
    (&x * 2.0).sum().backward().unwrap();
    assert_eq!(x.grad().unwrap(), tensor([2.0, 2.0]));
}

#[test]
fn a_panicking_hook_leaves_recording_as_it_was() {
    let x = tensor(1.0).require_grad();
    let y = &x * 2.0;
    y.register_hook(|_| panic!("the hook gives up")).unwrap();
    let walk = std::panic::catch_unwind(|| (&y * 3.0).backward());
    assert!(walk.is_err());
    assert!(autodiff::is_grad_enabled());
    (&x * 2.0).backward().unwrap();
    assert_eq!(x.grad().unwrap().item(), 2.0);
}

#[test]
fn a_leaf_is_freed_with_its_last_handle() {
    let count = Arc::new(());
    {
        let x = tensor(1.0).require_grad();
        let kept = Arc::clone(&count);
        x.register_hook(move |_| {
            let _ = &kept;
            None
        })
        .unwrap();
        let y = x.exp();
        y.mul_(&tensor(2.0)).unwrap();
        assert_eq!(Arc::strong_count(&count), 2);
    }
    assert_eq!(Arc::strong_count(&count), 1);
}

#[test]
fn checkpoint_computes_again_and_differentiates_twice() {
    let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let x = tensor([0.3, -0.8]).require_grad();
    let y = checkpoint(
        move |x: &[Tensor]| {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            x[0].sin().exp() * &x[1]
        },
        &[&x, &x],
    );
    assert_eq!(y.grad_fn().unwrap().name(), "CheckpointBackward");
    y.sum().backward().unwrap();
    assert_eq!(calls.load(std::sync::atomic::Ordering::SeqCst), 2);
    let plain = tensor([0.3, -0.8]).require_grad();
    (plain.sin().exp() * &plain).sum().backward().unwrap();
    assert_eq!(x.grad(), plain.grad());
    let f = |x: &[Tensor]| checkpoint(|x| x[0].sin().exp() * &x[1] * &x[0], &[&x[0], &x[1]]);
    let points = [tensor([0.3, -0.8]), tensor([1.5, 0.5])];
    gradcheck(f, &points).unwrap();
    gradgradcheck(f, &points).unwrap();
    let same = |x: &[Tensor]| checkpoint(|x| x[0].sin() * &x[1], &[&x[0], &x[0]]);
    gradgradcheck(same, &points[..1]).unwrap();
}
