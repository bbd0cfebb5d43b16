// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.SerializedString;
import io.tacho.model.Field;
import io.tacho.model.TotalField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The members of an object that are read, in the order in which they are written; all others are skipped. */
final class Shape {

    /** The type of a member; all values of a hash are text, and this defines how to parse them. */
    enum Form {
        INTEGER,
        TEXT,
        /** An object with a shape. */
        OBJECT,
        /** An object whose members may have any name. */
        OPEN_OBJECT
    }

    /** The places are those of {@link Field}. */
    static final Shape NODE = new Shape(
            List.of(Field.values()), Field::wireName, field -> field.isNumber() ? Form.INTEGER : Form.TEXT, Map.of());

    /** The places are those of {@link TotalField}. */
    static final Shape TOTALS = new Shape(TotalField.ALL, TotalField::wireName, total -> Form.INTEGER, Map.of());

    /** Two texts, that of the server API first. */
    static final Shape HISTOGRAMS = texts("time_api", "time_client");

    /** Two texts, that of the users first. */
    static final Shape SKETCHES = texts("users", "channels");

    /** A message or a hash without the 22 fields; the places are those of {@link Member}. */
    static final Shape ENVELOPE = new Shape(
            List.of(Member.values()),
            Member::wireName,
            Member::form,
            Map.of("node", NODE, "totals", TOTALS, "histograms", HISTOGRAMS, "sketches", SKETCHES));

    private final String[] names;
    private final SerializedString[] encoded;
    private final byte[][] keys;
    private final byte[][] fields;
    private final Form[] forms;
    private final @Nullable Shape[] shapes;
    private final Map<String, Integer> places = new HashMap<>();

    private <M> Shape(List<M> members, Function<M, String> name, Function<M, Form> form, Map<String, Shape> shaped) {
        names = members.stream().map(name).toArray(String[]::new);
        encoded = Stream.of(names).map(SerializedString::new).toArray(SerializedString[]::new);
        keys = Stream.of(names)
                .map(each -> ('"' + each + "\":").getBytes(US_ASCII))
                .toArray(byte[][]::new);
        fields = Stream.of(names).map(each -> each.getBytes(US_ASCII)).toArray(byte[][]::new);
        forms = members.stream().map(form).toArray(Form[]::new);
        shapes = new Shape[names.length];
        for (int place = 0; place < names.length; place++) {
            places.put(names[place], place);
            shapes[place] = shaped.get(names[place]);
        }
    }

    private static Shape texts(String... names) {
        return new Shape(List.of(names), name -> name, name -> Form.TEXT, Map.of());
    }

    int size() {
        return names.length;
    }

    String name(int place) {
        return names[place];
    }

    /** {@return each name as it precedes its value in JSON, with the character before it, if every member is written} */
    byte[][] keys() {
        return Stream.of(names)
                .map(name -> ((name.equals(names[0]) ? "{\"" : ",\"") + name + "\":").getBytes(US_ASCII))
                .toArray(byte[][]::new);
    }

    /** {@return the name as it precedes its value in JSON; not a copy} */
    byte[] key(int place) {
        return keys[place];
    }

    /** {@return the name as the field of a hash, not a copy; null after the last} */
    byte @Nullable [] field(int place) {
        return place < fields.length ? fields[place] : null;
    }

    Form form(int place) {
        return forms[place];
    }

    /** {@return the name as it stands in a message; null after the last} */
    @Nullable
    SerializedString encodedName(int place) {
        return place < encoded.length ? encoded[place] : null;
    }

    /**
     * Returns the place of a member; negative if there is none.
     *
     * @param likely where it is most of the time
     */
    int place(String name, int likely) {
        if (likely < names.length && names[likely].equals(name)) {
            return likely;
        }
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /** {@return the shape of the object that a member is; null if it is no object, or an open one} */
    @Nullable
    Shape shapeOf(int place) {
        return shapes[place];
    }
}
