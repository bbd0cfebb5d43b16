// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tacho.agent.record.StatsRecorder;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: executes the client's frames and queues the replies.
 *
 * <p>Thread safety: {@link #send} and {@link #user} from anywhere, the rest is confined to the channel's event loop.
 */
final class HubSession extends SimpleChannelInboundHandler<WebSocketFrame> {

    /** Channels that one client may follow. */
    static final int MAX_CHANNELS = 128;

    private static final Logger logger = LoggerFactory.getLogger(HubSession.class);

    private final Channel connection;
    private final HubRegistry registry;
    private final StatsRecorder recorder;
    private final Set<String> channels = new HashSet<>();
    // empty until the client has sent connect
    private volatile String user = "";

    HubSession(Channel connection, HubRegistry registry, StatsRecorder recorder) {
        this.connection = connection;
        this.registry = registry;
        this.recorder = recorder;
    }

    String user() {
        return user;
    }

    /** {@return whether the client has sent connect} */
    boolean isConnected() {
        return !user.isEmpty();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (!(frame instanceof TextWebSocketFrame)) {
            connection
                    .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        long start = System.nanoTime();
        try {
            handle(frame.content());
        } finally {
            recorder.clientRequest(System.nanoTime() - start);
        }
    }

    private void handle(ByteBuf content) {
        try {
            for (ObjectNode object : HubProtocol.readMessage(content).objects()) {
                send(reply(object));
            }
        } catch (HubException e) {
            send(HubProtocol.error(e));
        }
    }

    private byte[] reply(ObjectNode object) {
        long id;
        try {
            id = HubProtocol.readId(object);
        } catch (HubException e) {
            return HubProtocol.error(e);
        }
        try {
            HubCommand command = HubProtocol.readCommand(object);
            return HubProtocol.reply(id, command.kind(), execute(command));
        } catch (HubException e) {
            return HubProtocol.error(id, e);
        }
    }

    private ObjectNode execute(HubCommand command) throws HubException {
        if (user.isEmpty() && command.kind() != HubCommand.Kind.CONNECT) {
            throw new HubException(
                    HubException.NOT_CONNECTED, "command: " + command.kind().key() + " (expected: connect first)");
        }
        ObjectNode result = HubProtocol.object();
        switch (command.kind()) {
            case CONNECT -> result.put("client", connect(command.subject()));
            case SUBSCRIBE -> subscribe(command.subject());
            case UNSUBSCRIBE -> unsubscribe(command.subject());
            case PUBLISH -> registry.publish(command.subject(), command.data());
            case PRESENCE -> {
                ArrayNode users = result.putArray("users");
                registry.presence(command.subject()).forEach(users::add);
            }
        }
        return result;
    }

    private String connect(String newUser) throws HubException {
        if (!user.isEmpty()) {
            throw new HubException(HubException.ALREADY_DONE, "connect: a second one (expected: one per connection)");
        }
        user = newUser;
        recorder.userConnected(newUser);
        return UUID.randomUUID().toString();
    }

    private void subscribe(String channel) throws HubException {
        if (channels.contains(channel)) {
            throw new HubException(
                    HubException.ALREADY_DONE, "subscribe.channel: already subscribed (expected: another channel)");
        }
        if (channels.size() == MAX_CHANNELS) {
            throw new HubException(
                    HubException.LIMIT_EXCEEDED,
                    "subscribe.channel: one more than " + MAX_CHANNELS + " (expected: at most " + MAX_CHANNELS
                            + " channels per client)");
        }
        channels.add(channel);
        registry.subscribe(channel, this);
    }

    private void unsubscribe(String channel) {
        channels.remove(channel);
        registry.unsubscribe(channel, this);
    }

    /** Queues a frame; a client that does not keep up is disconnected instead. */
    void send(byte[] payload) {
        if (!connection.isWritable()) {
            if (connection.isActive()) {
                logger.debug("client of {} does not keep up: disconnected", user);
                connection.close();
            }
            return;
        }
        connection.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(payload)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (String channel : channels) {
            registry.unsubscribe(channel, this);
        }
        channels.clear();
        if (!user.isEmpty()) {
            recorder.userDisconnected(user);
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        logger.debug("client of {}: {}", user, cause.toString());
        context.close();
    }
}
