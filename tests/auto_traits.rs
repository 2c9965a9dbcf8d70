//! Which public types are `Send`, `Sync` and `Unpin`, and for which items, outputs and answers.
//!
//! Each row is exact: a type that gains or loses one of the traits changes the public API.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::marker::{PhantomData, PhantomPinned};
use std::path::Path;
use std::rc::Rc;

use flow_core::durable::{
    Bytes, Change, Commit, Encoded, ExecutionName, Executions, Fault, Handle, Happened,
    HistoryEntry, Host, HostOptions, ItemRow, Keys, Listed, Listing, Logged, Machine, MemoryStore,
    Message, OpenQuestion, Phase, Position, QuestionRow, Refused, RequestError, Rows, Status,
    Unavailable,
};
use flow_core::graph::{
    Alternative, ArmDesc, ClauseDesc, Count, EventDesc, GraphDesc, HandlerDesc, Location, Shape,
    StageDesc, TriggerDesc,
};
use flow_core::lifecycle::{
    ClauseIndex, ClauseText, ExecutionId, Lifecycle, LifecycleEvent, LifecycleKind, Step,
};
use flow_core::testing::{Coverage, Edge, Journal, Recorder, Replacement, StandIn};
use flow_core::{
    AnswerError, Answered, AnyFlow, Asked, BlockingIter, Broadcast, Cx, EmitError, Ending, Event,
    EventSender, Execution, Failed, Flow, FlowError, FlowErrorKind, IdempotencyKey, ItemOrOutput,
    ItemPosition, Items, ItemsOf, OwnedItems, ParseNumberError, QuestionId, Reader, Received,
    Recorded, Res, Sender, ShareOptions, SlowReaders, Snapshot, Spawned, State, Tick, TimedOut,
    TryEmitError, Unanswered, WithOutput, flow, handler,
};
use syn::{Item, UseTree, Visibility};

/// `Send`, but not `Sync`.
type Local = Cell<u8>;
/// Neither.
type Counted = Rc<u8>;

/// Its value and its answer are `Send`, but not `Sync`.
#[derive(Clone, Debug, Event)]
#[event(answer = "Cell<u8>")]
struct Question(#[expect(dead_code, reason = "only its type matters")] Cell<u8>);

#[handler]
async fn nothing() {}

flow! { flow Named; start -> nothing }

/// The values without a bound. An inherent constant whose bound holds is preferred to these.
trait Otherwise {
    const SEND: bool = false;
    const SYNC: bool = false;
    const UNPIN: bool = false;
}

struct IfSend<T>(PhantomData<T>);
struct IfSync<T>(PhantomData<T>);
struct IfUnpin<T>(PhantomData<T>);
impl<T> Otherwise for IfSend<T> {}
impl<T> Otherwise for IfSync<T> {}
impl<T> Otherwise for IfUnpin<T> {}
impl<T: Send> IfSend<T> {
    const SEND: bool = true;
}
impl<T: Sync> IfSync<T> {
    const SYNC: bool = true;
}
impl<T: Unpin> IfUnpin<T> {
    const UNPIN: bool = true;
}

/// A type, and whether it is `Send`, `Sync` and `Unpin`: as found, and as expected.
type Row = (&'static str, [bool; 3], [bool; 3]);

macro_rules! table {
    ($($name:ty: $send:literal $sync:literal $unpin:literal;)*) => {
        vec![$((
            stringify!($name),
            [<IfSend<$name>>::SEND, <IfSync<$name>>::SYNC, <IfUnpin<$name>>::UNPIN],
            [$send == 1, $sync == 1, $unpin == 1],
        )),*]
    };
}

#[allow(clippy::too_many_lines, reason = "it is a table")]
fn rows() -> Vec<Row> {
    table! {
        // Send, Sync, Unpin. The probe can tell each of them apart.
        Local: 1 0 1;
        Counted: 0 0 1;
        PhantomPinned: 1 1 0;

        Flow<Named>: 1 1 1;
        AnyFlow<Counted, Counted>: 1 1 1;
        Cx<Recorder, nothing>: 1 1 1;
        Res<u8>: 1 1 1;
        Res<Local>: 0 0 1;
        Res<Counted>: 0 0 1;
        State<u8>: 1 1 1;
        State<Local>: 1 1 1;
        State<Counted>: 0 0 1;

        Host: 1 1 1;
        HostOptions: 1 1 1;
        Executions<Named>: 1 1 1;
        Handle<Named>: 1 1 1;
        Machine<Named>: 1 0 1;
        MemoryStore: 1 1 1;
        Fault: 1 1 1;
        Bytes: 1 1 1;
        Change: 1 1 1;
        Commit: 1 1 1;
        Encoded: 1 1 1;
        ExecutionName: 1 1 1;
        ItemRow: 1 1 1;
        Keys<'static>: 1 1 1;
        Listed: 1 1 1;
        Happened: 1 1 1;
        HistoryEntry: 1 1 1;
        Phase: 1 1 1;
        Listing<'static>: 1 1 1;
        Logged<u8>: 1 1 1;
        Logged<Counted>: 0 0 1;
        Message<'static>: 1 1 1;
        OpenQuestion: 1 1 1;
        Position: 1 1 1;
        QuestionRow: 1 1 1;
        Refused: 1 1 1;
        RequestError: 1 1 1;
        Rows: 1 1 1;
        Status<u8>: 1 1 1;
        Status<Counted>: 0 0 1;
        Unavailable: 1 1 1;
        Recorded: 1 1 1;
        IdempotencyKey: 1 1 1;
        Snapshot<u8>: 1 1 1;
        Snapshot<Local>: 1 0 1;
        Snapshot<Counted>: 0 0 1;

        Execution<u8>: 1 0 1;
        Execution<u8, u8>: 1 0 1;
        Execution<Local, Local>: 1 0 1;
        Execution<Counted>: 0 0 1;
        WithOutput<u8>: 1 0 1;
        WithOutput<Local, Local>: 1 0 1;
        ItemOrOutput<u8, u8>: 1 1 1;
        ItemOrOutput<Local, u8>: 1 0 1;
        ItemOrOutput<Counted, u8>: 0 0 1;
        ItemOrOutput<u8, Counted>: 0 0 1;
        BlockingIter<u8>: 1 0 1;
        BlockingIter<Local>: 1 0 1;

        Spawned<AnyFlow<u8>>: 1 1 1;
        Spawned<AnyFlow<Local, Local>>: 1 1 1;
        Spawned<Named>: 1 1 1;
        Items<'static, u8>: 1 1 1;
        Items<'static, Local>: 1 1 1;
        OwnedItems<u8>: 1 1 1;
        OwnedItems<Local>: 1 1 1;
        Sender<Named>: 1 1 1;
        EventSender<u8>: 1 1 1;
        EventSender<Local>: 1 1 1;
        Ending: 1 1 1;
        EmitError<u8>: 1 1 1;
        EmitError<Local>: 1 0 1;
        TryEmitError<u8>: 1 1 1;
        TryEmitError<Local>: 1 0 1;

        Broadcast<u8>: 1 1 1;
        Broadcast<Local>: 1 1 1;
        Broadcast<Counted>: 0 0 1;
        Reader<u8>: 1 1 1;
        Reader<Local>: 1 1 1;
        Reader<Counted>: 0 0 1;
        Received<u8>: 1 1 1;
        Received<Local>: 1 0 1;
        Received<Counted>: 0 0 1;
        ItemPosition: 1 1 1;
        ShareOptions: 1 1 1;
        SlowReaders: 1 1 1;

        Asked<Question>: 1 0 1;
        Answered<Question>: 1 0 1;
        QuestionId<Question>: 1 1 1;
        AnswerError<u8>: 1 1 1;
        AnswerError<Local>: 1 0 1;

        Failed: 1 1 1;
        Failed<Local>: 1 0 1;
        Failed<Counted>: 0 0 1;
        FlowError: 1 1 1;
        FlowErrorKind: 1 1 1;
        ParseNumberError: 1 1 1;
        Tick: 1 1 1;
        ItemsOf<u8>: 1 1 1;
        ItemsOf<Local>: 1 0 1;
        Unanswered<Question>: 1 0 1;
        TimedOut: 1 1 1;

        Lifecycle: 1 1 1;
        LifecycleEvent: 1 1 1;
        LifecycleKind: 1 1 1;
        ClauseIndex: 1 1 1;
        ClauseText: 1 1 1;
        ExecutionId: 1 1 1;
        Step: 1 1 1;

        Alternative: 1 1 1;
        Count: 1 1 1;
        Shape: 1 1 1;
        GraphDesc: 1 1 1;
        ArmDesc: 1 1 1;
        ClauseDesc: 1 1 1;
        EventDesc: 1 1 1;
        HandlerDesc: 1 1 1;
        Location: 1 1 1;
        StageDesc: 1 1 1;
        TriggerDesc: 1 1 1;

        Coverage: 1 1 1;
        Edge: 1 1 1;
        Journal: 1 1 1;
        Recorder: 1 1 1;
        Replacement<Named, (), Named, nothing>: 1 1 1;
        StandIn<Named>: 1 1 1;
    }
}

#[test]
fn each_public_type_has_exactly_these_auto_traits() {
    let rows = rows();
    let wrong: Vec<_> = rows
        .iter()
        .filter(|(_, found, right)| found != right)
        .collect();
    assert!(
        wrong.is_empty(),
        "Send, Sync, Unpin: found, expected: {wrong:#?}"
    );
}

/// The modules of flow-core that users name types of.
const PUBLIC: [&str; 5] = [
    "lib.rs",
    "durable/mod.rs",
    "graph/mod.rs",
    "lifecycle.rs",
    "testing/mod.rs",
];

#[test]
fn each_public_type_has_a_row() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flow-core/src");
    let mut types = BTreeSet::new();
    defined(&source, &mut types);
    let mut public = Vec::new();
    for file in PUBLIC {
        for item in parsed(&source.join(file)).items {
            match item {
                Item::Use(item) if is_public(&item.vis) => leaves(&item.tree, &mut public),
                item => public.extend(type_defined_by(&item)),
            }
        }
    }
    public.retain(|name| types.contains(name));
    assert!(public.len() > 40, "only {public:?} are found");

    let rows = rows();
    let in_table: BTreeSet<_> = rows
        .iter()
        .map(|(name, ..)| name.split('<').next().unwrap().trim())
        .collect();
    let missing: Vec<_> = public
        .iter()
        .filter(|name| !in_table.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "add rows to the table: {missing:?}");
}

/// The names of all types that are `pub` somewhere in the folder.
fn defined(folder: &Path, types: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            defined(&path, types);
        } else {
            let items = parsed(&path).items;
            types.extend(items.iter().filter_map(type_defined_by));
        }
    }
}

fn type_defined_by(item: &Item) -> Option<String> {
    let (vis, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    is_public(vis).then(|| name.to_string())
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

fn parsed(file: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap()
}

fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(name) => names.push(name.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}
