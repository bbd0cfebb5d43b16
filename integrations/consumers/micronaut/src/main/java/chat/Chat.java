package chat;

import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.tacho.agent.record.IntervalRecorder;

@ServerWebSocket("/chat/{user}")
class Chat {

    private final IntervalRecorder recorder;

    Chat(IntervalRecorder recorder) {
        this.recorder = recorder;
    }

    @OnOpen
    void open(String user) {
        recorder.userConnected(user);
    }

    @OnMessage
    String message(String text) {
        recorder.bytesIn(text.length());
        recorder.messageSent();
        return text;
    }

    @OnClose
    void close(String user) {
        recorder.userDisconnected(user);
    }
}
