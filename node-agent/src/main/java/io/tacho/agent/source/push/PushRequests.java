// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Responds to {@code PUT /node}, {@code GET /node} and {@code POST /drain}. */
@Sharable
final class PushRequests extends PushHandler {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final PushedNode node;
    private final Supplier<@Nullable NodeState> current;
    private final Runnable drain;

    PushRequests(PushSettings settings, PushedNode node, Supplier<@Nullable NodeState> current, Runnable drain) {
        super(settings);
        this.node = node;
        this.current = current;
        this.drain = drain;
    }

    @Override
    protected FullHttpResponse respond(FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        return switch (uri.path()) {
            case "/node" -> node(request, uri.parameters());
            case "/drain" -> drain(request);
            default -> error(HttpResponseStatus.NOT_FOUND, "path: " + uri.path() + " (expected: /node or /drain)");
        };
    }

    private FullHttpResponse node(FullHttpRequest request, Map<String, List<String>> query) {
        if (request.method().equals(HttpMethod.PUT)) {
            node.take(PushedFields.parse(ByteBufUtil.getBytes(request.content()), counters(query)));
            return noContent();
        }
        if (request.method().equals(HttpMethod.GET)) {
            NodeState state = current.get();
            return state == null
                    ? error(HttpResponseStatus.NOT_FOUND, "node: not pushed yet, or too long ago (expected: PUT /node)")
                    : json(HttpResponseStatus.OK, body(state));
        }
        return notAllowed(request, "GET, PUT");
    }

    private static @Nullable String counters(Map<String, List<String>> query) {
        query.forEach((name, values) -> {
            if (!name.equals("counters")) {
                throw new IllegalArgumentException("query: '" + name + "' (expected: counters)");
            }
            if (values.size() > 1) {
                throw new IllegalArgumentException("counters: given " + values.size() + " times (expected: once)");
            }
        });
        List<String> counters = query.get("counters");
        return counters == null ? null : counters.get(0);
    }

    private FullHttpResponse drain(FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            return notAllowed(request, "POST");
        }
        drain.run();
        return noContent();
    }

    private ObjectNode body(NodeState state) {
        ObjectNode body = MAPPER.createObjectNode();
        putFields(body.putObject("node"), state.snapshot());
        ObjectNode quality = body.putObject("quality");
        state.quality().byWireName().forEach((field, flag) -> quality.put(field, flag.label()));
        ObjectNode ages = body.putObject("age_ms");
        new TreeMap<>(node.ages()).forEach(ages::put);
        return body;
    }

    private static void putFields(ObjectNode json, NodeSnapshot snapshot) {
        for (Field field : Field.values()) {
            if (field.isNumber()) {
                json.put(field.wireName(), snapshot.number(field));
            } else {
                json.put(field.wireName(), snapshot.text(field));
            }
        }
    }

    private static FullHttpResponse noContent() {
        return response(HttpResponseStatus.NO_CONTENT, "", new byte[0]);
    }
}
