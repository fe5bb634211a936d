//! Staff: accounts with a role and a department, passwords, sessions and API tokens.

mod account;
mod department;
mod password;
mod role;
mod session;
mod token;
mod words;

pub use account::{
    AccountProblem, NewStaff, Staff, active_with_role, add, change_password, find, find_by_email, list,
    set_active, update,
};
pub use department::{
    Department, DepartmentProblem, NewDepartment, add_department, department, department_by_code,
    departments, update_department,
};
pub use password::{Passwords, TooBusy, WeakPassword, check_strength};
pub use role::{Permission, Role};
pub use session::{
    SESSION_IDLE, SESSION_MAX, end_all_sessions, end_session, find_session, start_session, sweep,
};
pub use token::{Scope, create_token, find_token, revoke_token};
