//! A backup reads back into either database, the same to the last record.

use crate::fixtures::{Samples, app, both};
use kontor_platform::query::Query;
use kontor_platform::store::{Store, StoreOptions};
use kontor_platform::{App, Envelope};
use serde_json::json;

#[test]
fn plt_14_a_backup_restores_into_either_database() {
    both(|from| {
        let mut s = Samples::new(from);
        for spec in from.registry.specs.iter().filter(|s| s.kind != kontor_platform::spec::Kind::Facts) {
            s.fresh(spec.name);
        }
        let partner = s.fresh("partners");
        from.execute(&s.ctx, Envelope::new("partners.update", json!({"name": "Ґрунт 🦄 <b>"})).on(partner).seen(1)).expect("changed");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("kontor.gz");
        kontor::backup::write(from, &file).expect("a backup");
        let mut targets = vec![kontor_testkit::TestDb::sqlite()];
        if kontor_testkit::postgres_missing().is_none() {
            targets.push(kontor_testkit::TestDb::postgres());
        }
        for target in &targets {
            let store = Store::open(&target.url, StoreOptions::default()).expect("the database opens");
            let to = App::new(store, kontor::registry::registry());
            kontor::backup::read(&to, &file).expect("restored");
            assert!(to.check().expect("checked").is_empty());
            assert_eq!(to.get(&s.ctx, "partners", partner).expect("there"), from.get(&s.ctx, "partners", partner).expect("there"));
            for spec in &from.registry.specs {
                let q = Query { limit: 1, count: true, archived: true, ..Default::default() };
                let count = |a: &std::sync::Arc<App>| a.list(&s.ctx, spec.name, &q).expect("a list").count;
                assert_eq!(count(&to), count(from), "{}", spec.name);
            }
            // A database in use is not written over.
            assert!(kontor::backup::read(&to, &file).is_err());
            drop(to);
            app(&target.url);
        }
    });
}
