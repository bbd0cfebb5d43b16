// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import io.tacho.agent.record.StatsRecorder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSocket sessions with their users and subscriptions. A session that ends takes back what it had reported.
 *
 * <p>Thread safety: safe.
 */
public final class ClientSessions {

    private final StatsRecorder recorder;
    private final Map<String, ClientSession> sessions = new ConcurrentHashMap<>();

    /** Creates an empty set of sessions, whose users and channels the recorder receives. */
    public ClientSessions(StatsRecorder recorder) {
        this.recorder = recorder;
    }

    /** {@return the number of open sessions} */
    public long size() {
        return sessions.size();
    }

    /** Adds a session, with its user if that is known already. */
    public void connected(String id, @Nullable String user) {
        ClientSession session = new ClientSession();
        sessions.put(id, session);
        session.authenticated(user);
    }

    /** Sets the user of a session, once. */
    public void authenticated(String id, @Nullable String user) {
        ClientSession session = sessions.get(id);
        if (session != null) {
            session.authenticated(user);
        }
    }

    void subscribed(String id, String subscription, String channel) {
        ClientSession session = sessions.get(id);
        if (session != null) {
            session.subscribed(subscription, channel);
        }
    }

    void unsubscribed(String id, String subscription) {
        ClientSession session = sessions.get(id);
        if (session != null) {
            session.unsubscribed(subscription);
        }
    }

    /** Removes a session. */
    public void disconnected(String id) {
        ClientSession session = sessions.remove(id);
        if (session != null) {
            session.close();
        }
    }

    private final class ClientSession {

        private final Map<String, String> channels = new HashMap<>();
        private @Nullable String user;
        private boolean closed;

        synchronized void authenticated(@Nullable String name) {
            if (!closed && user == null && name != null) {
                user = name;
                recorder.userConnected(name);
            }
        }

        synchronized void subscribed(String subscription, String channel) {
            if (!closed && channels.putIfAbsent(subscription, channel) == null) {
                recorder.channelSubscribed(channel);
            }
        }

        synchronized void unsubscribed(String subscription) {
            String channel = channels.remove(subscription);
            if (channel != null) {
                recorder.channelUnsubscribed(channel);
            }
        }

        synchronized void close() {
            closed = true;
            if (user != null) {
                recorder.userDisconnected(user);
            }
            channels.values().forEach(recorder::channelUnsubscribed);
            channels.clear();
        }
    }
}
