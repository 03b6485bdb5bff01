//! Workspaces keep buffers apart by type and allocate nothing once they are warm.

use allocation_counter::measure;
use autodiff_runtime::Workspace;

/// What a derivative function does with its workspace: nested buffers of several types.
fn call(workspace: &mut Workspace, len: usize) -> f64 {
    let mut values = workspace.take::<f64>();
    let mut adjoints = workspace.take::<f64>();
    let mut exits = workspace.take::<bool>();
    values.extend((0..len).map(|i| i as f64));
    adjoints.resize(len, 1.0);
    exits.resize(len, false);
    let result = values
        .iter()
        .zip(&adjoints)
        .map(|(value, adjoint)| value * adjoint)
        .sum();
    workspace.give(exits);
    workspace.give(adjoints);
    workspace.give(values);
    result
}

#[test]
fn warm_workspaces_allocate_nothing() {
    let mut workspace = Workspace::new();
    let cold = measure(|| assert_eq!(call(&mut workspace, 1000), 499_500.0));
    assert!(cold.count_total >= 3, "a cold workspace has no buffers");
    let warm = measure(|| {
        for len in [1000, 10, 500] {
            call(&mut workspace, len);
        }
    });
    assert_eq!(warm.count_total, 0);
}

#[test]
fn a_new_workspace_does_not_allocate() {
    assert_eq!(measure(|| drop(Workspace::new())).count_total, 0);
    assert_eq!(
        measure(|| drop(Workspace::new().take::<f64>())).count_total,
        0
    );
}

#[test]
fn buffers_are_kept_apart_by_type() {
    let mut workspace = Workspace::new();
    workspace.give(vec![1_u64, 2]);
    assert_eq!(workspace.take::<f64>().capacity(), 0);
    assert!(workspace.take::<u64>().capacity() >= 2);
    assert_eq!(workspace.take::<u64>().capacity(), 0);
    assert_eq!(
        format!("{workspace:?}"),
        r#"Workspace { elements: ["u64"] }"#
    );
}

#[test]
fn elements_are_dropped_when_they_are_given_back() {
    let element = std::sync::Arc::new(());
    let mut workspace = Workspace::new();
    workspace.give(vec![element.clone()]);
    assert_eq!(std::sync::Arc::strong_count(&element), 1);
}

#[test]
fn workspaces_move_between_threads() {
    fn assert_send_and_sync<T: Send + Sync>() {}
    assert_send_and_sync::<Workspace>();
}
