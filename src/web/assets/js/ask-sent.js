// The server has the question: the copy of the recording on this device is no longer needed.
import { dropRecording } from "./ask-keep.js";

dropRecording('question');
