// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.membership.MembershipHistory;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipChange;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The response of {@code /membership}: recent membership changes, newest first, with host, version and labels of the node;
 * of departures with its last numbers.
 *
 * <p>Thread safety: safe.
 */
public final class MembershipResponse {

    private static final Set<String> PARAMETERS = Set.of("from", "to");

    private record Body(List<MembershipChange> changes, byte[] json) {}

    private final MembershipHistory history;
    private final SnapshotCodec codec;
    private final InstantSource clock;
    private volatile Body body = new Body(List.of(), "{\"changes\":[]}".getBytes(UTF_8));

    /** Creates the response of an aggregator. */
    public MembershipResponse(MembershipHistory history, SnapshotCodec codec, InstantSource clock) {
        this.history = history;
        this.codec = codec;
        this.clock = clock;
    }

    /**
     * Returns the body for the parameters {@code from} and {@code to}: all changes, or those of a time span, with the time of the
     * first stored one.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public byte[] body(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        String since = query.single("from");
        String until = query.single("to");
        if (since == null && until == null) {
            return body();
        }
        long now = clock.instant().getEpochSecond();
        long from = since == null ? 0 : 1_000 * QueryParameters.instant("from", since, now);
        long to = until == null ? 1_000 * now + 1_000 : 1_000 * QueryParameters.instant("to", until, now);
        List<MembershipChange> stored = history.recent();
        String first = stored.isEmpty()
                ? "null"
                : Long.toString(stored.get(stored.size() - 1).timeMillis());
        return encode(
                "\"from\":" + from + ",\"to\":" + to + ",\"stored_from\":" + first + ",",
                stored.stream()
                        .filter(change -> change.timeMillis() >= from && change.timeMillis() < to)
                        .toList());
    }

    /** {@return the body, UTF-8 JSON; encoded once for as long as nothing changes} */
    @SuppressWarnings("ReferenceEquality") // the history returns the same list for as long as nothing changes
    public byte[] body() {
        List<MembershipChange> changes = history.recent();
        Body current = body;
        if (current.changes() != changes) {
            current = new Body(changes, encode("", changes));
            body = current;
        }
        return current.json();
    }

    private byte[] encode(String head, List<MembershipChange> changes) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(1_000 + changes.size() * 500);
        text(json, "{" + head + "\"changes\":[");
        String separator = "";
        for (MembershipChange change : changes) {
            text(
                    json,
                    separator + "{\"time\":" + change.timeMillis() + ",\"change\":\""
                            + change.event().label() + "\",\"uid\":");
            json.writeBytes(ApiJson.write(change.node().uid()));
            text(json, ",\"name\":");
            json.writeBytes(ApiJson.write(change.node().name()));
            member(json, "host", change.beat().status().host());
            member(json, "version", change.beat().status().version());
            Map<String, String> labels = change.beat().status().labels();
            if (!labels.isEmpty()) {
                text(json, ",\"labels\":");
                json.writeBytes(ApiJson.write(labels));
            }
            if (change.event().isDeparture()) {
                text(json, ",\"node\":");
                json.writeBytes(codec.encodeNode(change.node()));
            }
            text(json, "}");
            separator = ",";
        }
        text(json, "]}");
        return json.toByteArray();
    }

    private static void member(ByteArrayOutputStream json, String name, @Nullable String value) {
        if (value != null) {
            text(json, ",\"" + name + "\":");
            json.writeBytes(ApiJson.write(value));
        }
    }

    private static void text(ByteArrayOutputStream json, String text) {
        json.writeBytes(text.getBytes(UTF_8));
    }
}
