// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MembershipChange;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The membership log as a list and a hash beside it, in the first partition's slot, both changed by one script. */
final class RedisMembershipLog implements MembershipLog {

    private static final Logger logger = LoggerFactory.getLogger(RedisMembershipLog.class);

    /** The TTL of the log after its last change. */
    private static final Duration TTL = Duration.ofDays(7);

    private final RedisLink<CommandConnection> link;
    private final SnapshotCodec codec;
    private final String[] keys;

    RedisMembershipLog(RedisLink<CommandConnection> link, RedisKeyspace keyspace, SnapshotCodec codec) {
        this.link = link;
        this.codec = codec;
        keys = new String[] {keyspace.membership(), keyspace.lastMembership()};
    }

    @Override
    public CompletionStage<MembershipPage> append(List<MembershipChange> changes, long nowMillis, String position) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(position.getBytes(ISO_8859_1));
        arguments.add(ascii(TTL.toMillis()));
        arguments.add(ascii(MAX_CHANGES));
        arguments.add(ascii(SAME_DEPARTURE_MILLIS));
        for (MembershipChange change : changes) {
            arguments.add(change.event().label().getBytes(ISO_8859_1));
            arguments.add(change.node().uid().getBytes(UTF_8));
            arguments.add(ascii(change.seq()));
            arguments.add(ascii(Math.max(0, nowMillis - change.timeMillis())));
            arguments.add(codec.encode(change));
        }
        byte[][] bytes = arguments.toArray(byte[][]::new);
        return link.use(
                        "membership",
                        connection -> RedisScript.MEMBERSHIP.<List<byte[]>>run(connection.commands(), keys, bytes))
                .thenApply(this::page);
    }

    private MembershipPage page(List<byte[]> response) {
        List<MembershipChange> changes = new ArrayList<>(response.size());
        for (byte[] element : response.subList(2, response.size())) {
            try {
                changes.add(change(new String(element, UTF_8)));
            } catch (MalformedSnapshotException | IllegalArgumentException e) {
                logger.debug("membership log: malformed element", e);
            }
        }
        return new MembershipPage(new String(response.get(0), ISO_8859_1), response.get(1)[0] == '1', changes);
    }

    private MembershipChange change(String element) throws MalformedSnapshotException {
        String[] parts = element.split(" ", 4);
        if (parts.length < 4) {
            throw new IllegalArgumentException("membership log: " + parts.length + " parts (expected: 4)");
        }
        return codec.decodeChange(parts[3].getBytes(UTF_8), Long.parseLong(parts[1]));
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(ISO_8859_1);
    }

    @Override
    public void close() {
        link.close();
    }
}
