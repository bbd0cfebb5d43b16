// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.codec.Shape.Form;

/** The members of an envelope, in their order on the wire. */
@SuppressWarnings("ImmutableEnumChecker") // no caller changes the arrays
enum Member {
    VERSION("v", Form.INTEGER),
    TYPE("type", Form.TEXT),
    SEQ("seq", Form.INTEGER),
    TTL("ttl_ms", Form.INTEGER),
    METRICS_INTERVAL("metrics_interval", Form.INTEGER),
    WINDOW_START("window_start_ms", Form.INTEGER),
    WINDOW_END("window_end_ms", Form.INTEGER),
    HOST("host", Form.TEXT),
    PUBLISH_INTERVAL("publish_interval_ms", Form.INTEGER),
    DRAINING("draining", Form.INTEGER),
    WRITER("writer", Form.TEXT),
    REJECTED_WRITER("rejected_writer", Form.TEXT),
    REJECTED_HOST("rejected_host", Form.TEXT),
    SOFTWARE_VERSION("version", Form.TEXT),
    ADDRESS("address", Form.TEXT),
    CAPACITY("capacity", Form.INTEGER),
    COMMAND("command", Form.TEXT),
    LABELS("labels", Form.OPEN_OBJECT),
    QUALITY("quality", Form.OPEN_OBJECT),
    TOTALS("totals", Form.OBJECT),
    HISTOGRAMS("histograms", Form.OBJECT),
    SKETCHES("sketches", Form.OBJECT),
    EXTRAS("extras", Form.OPEN_OBJECT),
    NODE("node", Form.OBJECT);

    private final String wireName;
    private final Form form;
    private final byte[] field;
    private final byte[] key;

    Member(String wireName, Form form) {
        this.wireName = wireName;
        this.form = form;
        field = wireName.getBytes(US_ASCII);
        key = (",\"" + wireName + "\":").getBytes(US_ASCII);
    }

    String wireName() {
        return wireName;
    }

    Form form() {
        return form;
    }

    /** {@return the name as the field of a hash; not a copy} */
    byte[] field() {
        return field;
    }

    /** {@return the name as it precedes the value in JSON, after another member; not a copy} */
    byte[] key() {
        return key;
    }
}
