package chat;

import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.tacho.agent.record.IntervalRecorder;

@WebSocket(path = "/chat")
public class Chat {

    private final IntervalRecorder recorder;

    Chat(IntervalRecorder recorder) {
        this.recorder = recorder;
    }

    @OnTextMessage
    String message(String text) {
        recorder.bytesIn(text.length());
        recorder.messageSent();
        return text;
    }
}
