//! Why something that was signed could not be used, in kinds that tell its signer what to do now.

use super::case_video::VideoState;

/// Why a signed question, message or reply is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VideoLoss {
    /// Longer than we take.
    TooLong,
    /// There is nothing to see in it.
    ShowsNothing,
    /// Only a part of it arrived, or it is damaged.
    CutOff,
    /// It is no video that we know.
    WrongFile,
    /// We could not work on it.
    Unreadable,
}

impl VideoLoss {
    /// Whether what stands as `video_state` is lost, and why; `refusal` is the code that the media job gave.
    pub fn of(video_state: &str, refusal: &str) -> Option<Self> {
        match VideoState::parse(video_state)? {
            VideoState::Waiting | VideoState::Kept | VideoState::Deleted => None,
            VideoState::Failed => Some(Self::Unreadable),
            VideoState::Refused => Some(Self::of_refusal(refusal)),
        }
    }

    fn of_refusal(code: &str) -> Self {
        match code {
            "too_long" => Self::TooLong,
            "black_picture" | "frozen_picture" | "still_picture" | "no_picture" => Self::ShowsNothing,
            "cut_off" | "damaged" | "empty_file" | "bad_duration" | "undecodable" => Self::CutOff,
            "not_video" | "container_not_allowed" | "codec_not_allowed" | "hidden_content" => Self::WrongFile,
            // Refused before reasons were kept, or for a reason that its sender can do nothing about.
            _ => Self::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_refused_or_failed_is_lost_and_each_reason_is_told() {
        for fine in ["none", "waiting", "kept", "deleted"] {
            assert_eq!(VideoLoss::of(fine, "too_long"), None, "{fine}");
        }
        assert_eq!(VideoLoss::of("failed", ""), Some(VideoLoss::Unreadable));
        for (code, loss) in [
            ("too_long", VideoLoss::TooLong),
            ("black_picture", VideoLoss::ShowsNothing),
            ("cut_off", VideoLoss::CutOff),
            ("not_video", VideoLoss::WrongFile),
            ("", VideoLoss::Unreadable),
        ] {
            assert_eq!(VideoLoss::of("refused", code), Some(loss), "{code}");
        }
    }
}
