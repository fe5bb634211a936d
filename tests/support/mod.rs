//! A whole program for a test: its own data folder and its own database, on the engine that the test asks for, with a
//! clock that only the test moves.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

pub mod browser;
pub mod clips;

use ishara::app::App;
use ishara::audit::Actor;
use ishara::clock::{Clock, Millis};
use ishara::config::Config;
use ishara::ids::{DepartmentId, StaffId};
use ishara::people::{self, NewDepartment, NewStaff, Role};
use sqlx::Connection as _;
use std::collections::BTreeMap;
use std::ops::Deref;
use tempfile::TempDir;

/// 22 November 2026, 09:00 in Riyadh.
pub const MORNING: Millis = Millis(1_795_327_200_000);
/// The variable that names a PostgreSQL server on which databases may be made; `scripts/test` sets it.
const POSTGRES: &str = "ISHARA_TEST_POSTGRES_URL";

/// The program under test; everything goes with it when it is dropped.
pub struct TestApp {
    app: App,
    folder: TempDir,
    _database: Option<Database>,
}

/// A database of one test on the PostgreSQL server; hundreds of them kept until the end would fill a small disk.
struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn create(server: String) -> Self {
        let name = format!("t_{}", uuid::Uuid::from_bytes(ishara::ids::random_bytes()).simple());
        let database = Self { server, name };
        database.tell(format!("CREATE DATABASE {}", database.name)).await.expect("a database can be made");
        database
    }

    /// Where the program under test finds it.
    fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).expect("the variable holds a URL");
        url.set_path(&self.name);
        url.to_string()
    }

    async fn tell(&self, sql: String) -> Result<(), sqlx::Error> {
        let mut server = sqlx::PgConnection::connect(&self.server).await?;
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut server).await?;
        server.close().await
    }
}

impl Drop for Database {
    /// The program's own connections may still stand; they are cut. A thread of its own, since the test's runtime
    /// cannot be waited for from within.
    fn drop(&mut self) {
        let removed = std::thread::scope(|threads| {
            let removal = threads.spawn(|| {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(self.tell(format!("DROP DATABASE {} WITH (FORCE)", self.name)))
            });
            removal.join().expect("the removal ends")
        });
        if let Err(error) = removed {
            eprintln!("the database {} stays behind: {error}", self.name);
        }
    }
}

impl Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// On a SQLite file of its own.
    pub async fn sqlite() -> Self {
        Self::open(None, |_| {}).await
    }

    /// On a SQLite file of its own, with settings of its own.
    pub async fn sqlite_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open(None, change).await
    }

    /// On a PostgreSQL database of its own; `None` where no server was named.
    pub async fn postgres() -> Option<Self> {
        let server = variable(POSTGRES)?;
        Some(Self::open(Some(Database::create(server).await), |_| {}).await)
    }

    async fn open(database: Option<Database>, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut settings = BTreeMap::from([
            ("ISHARA_DATA".to_owned(), folder.path().join("data").display().to_string()),
            ("ISHARA_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("ISHARA_OPS_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("ISHARA_WORKERS".to_owned(), "1".to_owned()),
        ]);
        settings.extend(database.as_ref().map(|own| ("ISHARA_DATABASE_URL".to_owned(), own.url())));
        let mut config = Config::from_variables(settings).expect("the test's settings are right");
        change(&mut config);
        let app =
            App::open_with_media_program(config, Clock::manual(MORNING), env!("CARGO_BIN_EXE_ishara").into())
                .await
                .expect("the program opens");
        Self { app, folder, _database: database }
    }

    /// Where everything of this program lies.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A department with this code.
    pub async fn department(&self, code: &str) -> DepartmentId {
        let mut tx = self.db.begin().await.expect("a transaction");
        if let Some(known) = people::department_by_code(&mut tx, code).await.expect("a read") {
            return known.id;
        }
        let new = NewDepartment {
            code: code.to_owned(),
            name_ar: format!("إدارة {code}"),
            name_en: format!("Department {code}"),
            approval_minutes: 240,
        };
        let id = people::add_department(&mut tx, Actor::System, new).await.expect("a department");
        tx.commit().await.expect("a commit");
        id
    }

    /// A member of staff whose password nobody knows; `name` makes the e-mail address.
    pub async fn staff(&self, name: &str, role: Role) -> StaffId {
        let department_id =
            if role == Role::DepartmentReviewer { Some(self.department("documents").await) } else { None };
        let new = NewStaff {
            email: format!("{name}@example.sa"),
            display_name: name.to_owned(),
            role,
            department_id,
            woman: false,
            password_hash: "none".to_owned(),
        };
        let mut tx = self.db.begin().await.expect("a transaction");
        let id = people::add(&mut tx, Actor::System, new).await.expect("an account");
        tx.commit().await.expect("a commit");
        id
    }

    /// A bearer token with every scope for a member of staff.
    pub async fn token(&self, staff: StaffId) -> String {
        let mut tx = self.db.begin().await.expect("a transaction");
        let token =
            people::create_token(&mut tx, Actor::System, staff, &people::Scope::ALL).await.expect("a token");
        tx.commit().await.expect("a commit");
        token
    }
}

/// A variable of the test run.
#[expect(clippy::disallowed_methods, reason = "the test runner speaks to tests through the environment")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Runs each test on a fresh program on SQLite, and on PostgreSQL where a server is named.
#[macro_export]
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::support::TestApp::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(app) = $crate::support::TestApp::postgres().await {
                    super::$test(app).await;
                }
            })*
        }
    };
}
