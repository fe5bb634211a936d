use super::*;
use VersionState as S;

fn staff(role: Role) -> ActorFacts {
    ActorFacts::Staff(role, Authorship::Colleague, Ownership::Owning)
}

/// Every step that exists. All other pairs must be refused.
fn allowed() -> Vec<(S, Event, S)> {
    let mut table = vec![
        (S::Draft, Event::StartProcessing, S::Processing),
        (S::Failed, Event::StartProcessing, S::Processing),
        (S::Draft, Event::ReuseVideo, S::Ready),
        (S::Processing, Event::MediaReady, S::Ready),
        (S::Processing, Event::MediaFailed, S::Failed),
        (S::Processing, Event::CancelMedia, S::Failed),
        (S::Draft, Event::Edit, S::Draft),
        (S::Processing, Event::Edit, S::Processing),
        (S::Failed, Event::Edit, S::Failed),
        (S::Ready, Event::Edit, S::Ready),
        (S::InReview, Event::Edit, S::Ready),
        (S::ChangesRequested, Event::Edit, S::Ready),
        (S::Approved, Event::Edit, S::Ready),
        (S::Scheduled, Event::Edit, S::Ready),
        (S::Ready, Event::Submit, S::InReview),
        (S::Draft, Event::Waive, S::Approved),
        (S::Ready, Event::Waive, S::Approved),
        (S::Approved, Event::Schedule, S::Scheduled),
        (S::Scheduled, Event::Schedule, S::Scheduled),
        (S::Scheduled, Event::Unschedule, S::Approved),
        (S::Approved, Event::Publish, S::Published),
        (S::Scheduled, Event::Publish, S::Published),
        (S::Published, Event::ReviewDue, S::NeedsReview),
        (S::NeedsReview, Event::Confirm, S::Published),
        (S::Published, Event::Withdraw, S::Withdrawn),
        (S::NeedsReview, Event::Withdraw, S::Withdrawn),
    ];
    for lane in Lane::ALL {
        table.push((S::InReview, Event::Approve(lane, OtherLane::Open), S::InReview));
        table.push((S::InReview, Event::Approve(lane, OtherLane::Approved), S::Approved));
        table.push((S::InReview, Event::Return(lane), S::ChangesRequested));
    }
    let ended = [S::Superseded, S::Withdrawn];
    let open = S::ALL.into_iter().filter(|state| !ended.contains(state));
    table.extend(open.map(|state| (state, Event::Supersede, S::Superseded)));
    table
}

#[test]
fn every_pair_of_state_and_event_is_decided_by_the_table() {
    let table = allowed();
    for state in S::ALL {
        for event in Event::all() {
            let expected = table.iter().find(|row| row.0 == state && row.1 == event).map(|row| row.2);
            assert_eq!(step(state, event), expected, "{state:?} {event:?}");
        }
    }
}

#[test]
fn nobody_reviews_their_own_work() {
    for (role, lane) in
        [(Role::LinguisticReviewer, Lane::Linguistic), (Role::DepartmentReviewer, Lane::Factual)]
    {
        let author = ActorFacts::Staff(role, Authorship::Author, Ownership::Owning);
        for event in [
            Event::Approve(lane, OtherLane::Open),
            Event::Approve(lane, OtherLane::Approved),
            Event::Return(lane),
        ] {
            assert_eq!(next(S::InReview, event, author), Err(TransitionDenied::OwnWork));
            assert!(next(S::InReview, event, staff(role)).is_ok());
        }
    }
}

#[test]
fn facts_are_decided_by_the_owning_department() {
    let stranger = ActorFacts::Staff(Role::DepartmentReviewer, Authorship::Colleague, Ownership::Other);
    let event = Event::Approve(Lane::Factual, OtherLane::Open);
    assert_eq!(next(S::InReview, event, stranger), Err(TransitionDenied::OtherDepartment));
    let signing = Event::Approve(Lane::Linguistic, OtherLane::Open);
    let reviewer = ActorFacts::Staff(Role::LinguisticReviewer, Authorship::Colleague, Ownership::Other);
    assert_eq!(next(S::InReview, signing, reviewer), Ok(S::InReview));
}

#[test]
fn the_program_never_approves_and_people_never_finish_media() {
    for lane in Lane::ALL {
        let approve = Event::Approve(lane, OtherLane::Approved);
        assert_eq!(next(S::InReview, approve, ActorFacts::System), Err(TransitionDenied::NotAllowed));
    }
    let administrator = staff(Role::Administrator);
    assert_eq!(next(S::Processing, Event::MediaReady, administrator), Err(TransitionDenied::SystemOnly));
}

#[test]
fn roles_without_the_permission_are_refused_in_every_state() {
    for state in S::ALL {
        for event in Event::all() {
            assert!(next(state, event, staff(Role::Auditor)).is_err());
            assert!(next(state, event, staff(Role::Agent)).is_err());
        }
        assert!(next(state, Event::Waive, staff(Role::Producer)).is_err());
    }
}

#[test]
fn words_round_trip_and_the_diagram_names_every_state() {
    let drawn = diagram();
    for state in S::ALL {
        assert_eq!(S::parse(state.as_str()), Some(state));
        assert!(drawn.contains(state.as_str()));
    }
    assert!(drawn.contains("in_review --> approved: both lanes approved"));
    assert!(!drawn.contains("draft --> published"));
}
