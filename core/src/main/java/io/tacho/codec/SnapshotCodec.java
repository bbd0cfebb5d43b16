// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.Envelope;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads envelopes in both of their wire forms: the JSON message of the channel, and the hash under a node's key.
 * What it reads is complete, of the right types and within the bounds of the model; unknown fields are ignored, and optional
 * parts that are unreadable are left out.
 *
 * <p>Thread safety: safe; its only state are the texts of the last histograms and sketches written, see {@link LastText}.
 */
public final class SnapshotCodec {

    /** A longer message is rejected unread. A 22-field message has about 700 bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final long DEFAULT_TTL_MILLIS = 15_000;
    private static final long DEFAULT_INTERVAL_SECONDS = 60;

    private static final String SNAPSHOT = "snapshot";
    private static final String LEAVE = "leave";
    private static final String CONFLICT = "conflict";

    private static final byte[] LEAVE_HEAD = utf8("{\"v\":1,\"type\":\"leave\",\"seq\":");
    private static final byte[] CONFLICT_HEAD = utf8("{\"v\":1,\"type\":\"conflict\",\"seq\":");
    private static final byte[] UID = utf8("{\"uid\":");
    private static final byte[] END = utf8("}}");

    private static final byte[] VERSION_DIGITS = digits(Envelope.VERSION);
    private static final Field[] FIELDS = Field.values();
    private static final byte[][] NODE_FIELDS =
            Field.wireNames().stream().map(SnapshotCodec::utf8).toArray(byte[][]::new);

    private final BeatWriter writer = new BeatWriter();

    /** Writes the message of the channel, UTF-8 JSON: {@code {"v":1,"type":"snapshot","seq":…,"node":{…22…}}}. */
    public byte[] encode(Envelope envelope) {
        if (envelope instanceof SnapshotEnvelope beat) {
            return writer.write(SNAPSHOT, beat, null, false);
        }
        JsonBytes json = new JsonBytes(256);
        json.append(envelope instanceof Conflict ? CONFLICT_HEAD : LEAVE_HEAD);
        json.append(envelope.seq());
        if (envelope instanceof LeaveEnvelope leave) {
            text(json, Member.WRITER, leave.writer());
        } else if (envelope instanceof Conflict conflict) {
            text(json, Member.HOST, conflict.holder().host());
            text(json, Member.WRITER, conflict.holder().id());
            text(json, Member.REJECTED_WRITER, conflict.rejected().id());
            text(json, Member.REJECTED_HOST, conflict.rejected().host());
        }
        json.append(Member.NODE.key());
        json.append(UID);
        json.append(envelope.uid());
        json.append(END);
        return json.toBytes();
    }

    private static void text(JsonBytes json, Member member, @Nullable String text) {
        if (text != null) {
            json.append(member.key());
            json.append(text);
        }
    }

    /**
     * Writes both forms of a beat.
     *
     * @param hash receives the fields and values of the hash under the node's key, alternating, in UTF-8
     * @param repeats whether the message leaves out the histograms and sketches, because an earlier one had them
     * @return the message of the channel
     */
    public byte[] encode(SnapshotEnvelope beat, boolean repeats, Consumer<byte[]> hash) {
        NodeSnapshot node = beat.snapshot();
        int place = 0;
        for (Field field : FIELDS) {
            hash.accept(NODE_FIELDS[place++]);
            hash.accept(field.isNumber() ? digits(node.number(field)) : utf8(node.text(field)));
        }
        byte[] message = writer.write(SNAPSHOT, beat, (member, value) -> put(hash, member, value), repeats);
        put(hash, Member.VERSION, VERSION_DIGITS);
        put(hash, Member.SEQ, digits(beat.seq()));
        put(hash, Member.TTL, digits(beat.ttlMillis()));
        put(hash, Member.METRICS_INTERVAL, digits(beat.metricsIntervalSeconds()));
        return message;
    }

    private static void put(Consumer<byte[]> hash, Member member, byte[] value) {
        hash.accept(member.field());
        hash.accept(value);
    }

    /** {@return the fields of the hash under the node's key, as text} */
    public Map<String, String> toHash(SnapshotEnvelope beat) {
        List<byte[]> alternating = new ArrayList<>(80);
        encode(beat, false, alternating::add);
        Map<String, String> hash = new LinkedHashMap<>(80);
        for (int i = 0; i < alternating.size(); i += 2) {
            hash.put(new String(alternating.get(i), UTF_8), new String(alternating.get(i + 1), UTF_8));
        }
        return hash;
    }

    /** Writes one entry of the nodes array, UTF-8 JSON: an object of the 22 fields in their order. */
    public byte[] encodeNode(NodeSnapshot snapshot) {
        return EntryWriter.write(snapshot);
    }

    private static byte[] digits(long number) {
        return utf8(Long.toString(number));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    /**
     * Reads a message of the channel.
     *
     * @param leftOut receives, at most once, the first optional part that is unreadable and left out
     * @throws MalformedSnapshotException if it is not a message of this contract version
     */
    public Envelope decode(byte[] message, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        if (message.length > MAX_BYTES) {
            throw new MalformedSnapshotException(
                    Reason.TOO_LARGE, "message of " + message.length + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        Fields envelope = Reading.READER.read(message, Shape.ENVELOPE);
        requireVersion(envelope);
        String type = envelope.hasText(Member.TYPE) ? envelope.text(Member.TYPE) : "";
        return switch (type) {
            case LEAVE -> leave(envelope, leftOut);
            case CONFLICT -> conflict(envelope);
            case SNAPSHOT -> snapshot(envelope, envelope.object(Member.NODE), envelope.integer(Member.TTL), leftOut);
            default ->
                throw new MalformedSnapshotException(
                        Reason.UNKNOWN_TYPE,
                        envelope.describe(
                                Member.TYPE, '"' + SNAPSHOT + "\", \"" + LEAVE + "\" or \"" + CONFLICT + '"'));
        };
    }

    /**
     * Reads the hash under a node's key.
     *
     * @param hash an array of field names and values, alternating; a field of which either is not UTF-8 is left out
     * @param remainingMillis remaining life of the entry; the TTL of entries without {@code ttl_ms}
     * @param leftOut receives, at most once, the first optional part that is unreadable and left out
     * @throws MalformedSnapshotException if it is not an entry of this contract version
     */
    public SnapshotEnvelope fromHash(
            MessagePack hash, long remainingMillis, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        if (hash.size() > MAX_BYTES) {
            throw new MalformedSnapshotException(
                    Reason.TOO_LARGE, "hash of " + hash.size() + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        Fields envelope = new Fields(Shape.ENVELOPE);
        Fields node = new Fields(Shape.NODE);
        Reading.HASHES.read(hash, node, envelope);
        requireVersion(envelope);
        return snapshot(
                envelope, node, envelope.has(Member.TTL) ? envelope.integer(Member.TTL) : remainingMillis, leftOut);
    }

    /**
     * Returns a membership change as UTF-8 JSON, without its time: the message of the node's last beat with the event as {@code type},
     * {@code {"v":1,"type":"lost","seq":…,"node":{…22…}}}.
     */
    public byte[] encode(MembershipChange change) {
        return writer.write(change.event().label(), change.beat(), null, false);
    }

    /**
     * Reads a membership change. The TTL and the metrics interval of changes that were written without them are the defaults of agents.
     *
     * @throws MalformedSnapshotException if it is not a change of this contract version
     */
    public MembershipChange decodeChange(byte[] json, long timeMillis) throws MalformedSnapshotException {
        Fields change = Reading.READER.read(json, Shape.ENVELOPE);
        requireVersion(change);
        putDefault(change, Member.TTL, DEFAULT_TTL_MILLIS);
        putDefault(change, Member.METRICS_INTERVAL, DEFAULT_INTERVAL_SECONDS);
        SnapshotEnvelope beat =
                snapshot(change, change.object(Member.NODE), change.integer(Member.TTL), unreadablePart -> {});
        try {
            return new MembershipChange(
                    MembershipEvent.valueOf(change.text(Member.TYPE).toUpperCase(Locale.ROOT)), timeMillis, beat);
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("EnumOrdinal") // the places of an envelope are those of the members
    private static void putDefault(Fields envelope, Member member, long value) {
        if (!envelope.has(member)) {
            envelope.put(member.ordinal(), value);
        }
    }

    private static void requireVersion(Fields envelope) throws MalformedSnapshotException {
        long version = envelope.integer(Member.VERSION);
        if (version > Envelope.VERSION) {
            throw new MalformedSnapshotException(
                    Reason.UNSUPPORTED_VERSION, "v: " + version + " (expected: <= " + Envelope.VERSION + ")");
        }
        if (version < 1) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, "v: " + version + " (expected: >= 1)");
        }
    }

    private static LeaveEnvelope leave(Fields envelope, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        try {
            return new LeaveEnvelope(
                    envelope.object(Member.NODE).text(Field.UID),
                    envelope.integer(Member.SEQ),
                    new OptionalParts(envelope, leftOut).writer());
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static Conflict conflict(Fields envelope) throws MalformedSnapshotException {
        try {
            return new Conflict(
                    envelope.object(Member.NODE).text(Field.UID),
                    envelope.integer(Member.SEQ),
                    new Writer(
                            envelope.text(Member.WRITER),
                            envelope.has(Member.HOST) ? envelope.text(Member.HOST) : null),
                    new Writer(
                            envelope.text(Member.REJECTED_WRITER),
                            envelope.has(Member.REJECTED_HOST) ? envelope.text(Member.REJECTED_HOST) : null));
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static SnapshotEnvelope snapshot(
            Fields envelope, Fields node, long ttlMillis, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        OptionalParts optional = new OptionalParts(envelope, leftOut);
        try {
            return new SnapshotEnvelope(
                    envelope.integer(Member.SEQ),
                    ttlMillis,
                    envelope.integer(Member.METRICS_INTERVAL),
                    optional.window(),
                    optional.status(),
                    NodeSnapshot.of(node.text(Field.UID), node.text(Field.NAME), field -> node.integer(field)),
                    optional.totals(),
                    optional.detail());
        } catch (IllegalArgumentException e) {
            // the message of the record's own check names the field, the value and the bounds
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    /** Initialized by the first read: an agent, which only writes, does without the classes of the JSON reader. */
    private static final class Reading {

        static final FieldsReader READER = new FieldsReader(WireJson.MAPPER);
        static final HashReader HASHES = new HashReader(READER);
    }
}
