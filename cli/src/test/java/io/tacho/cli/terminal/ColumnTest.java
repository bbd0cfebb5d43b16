// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The columns, derived from the field catalogue. */
class ColumnTest {

    @ParameterizedTest
    @CsvSource({
        "num_clients, NUM_CLIENTS",
        "clients, NUM_CLIENTS",
        "Users, NUM_UNIQUE_CLIENTS",
        "threads, NUM_GOROUTINE",
        "up, STARTED_AT",
        "published, NUM_MSG_PUBLISHED",
        "publish, NUM_MSG_PUBLISHED",
        "msg_sent, NUM_MSG_SENT",
        "client_requests, NUM_CLIENT_REQUESTS",
        "bytes_in, BYTES_CLIENT_IN",
        "client_in, BYTES_CLIENT_IN",
        "api_mean, TIME_API_MEAN",
        "client_max, TIME_CLIENT_MAX",
        "cl-max, TIME_CLIENT_MAX",
        "memory, MEMORY_SYS",
        "cpu, CPU_USAGE"
    })
    void of_name_findsTheColumn(String name, Field field) {
        assertThat(Column.of(name)).isEqualTo(Column.of(field));
    }

    @Test
    void everyField_hasAColumnWhoseTitleFits() {
        assertThat(Column.ALL).extracting(Column::field).containsExactly(Field.values());
        assertThat(Column.ALL)
                .allSatisfy(column -> assertThat(column.title()).hasSizeLessThanOrEqualTo(column.width()));
        assertThat(Column.ALL).extracting(Column::title).doesNotHaveDuplicates();
    }

    @Test
    void defaultColumns_excludeTheUid() {
        assertThat(Column.DEFAULT)
                .doesNotHaveDuplicates()
                .hasSize(Field.values().length - 1)
                .doesNotContain(Column.of(Field.UID))
                .startsWith(Column.NAME, Column.of(Field.NUM_CLIENTS));
    }

    @Test
    void list_keepsTheOrder() {
        assertThat(Column.list("cpu,name")).containsExactly(Column.of(Field.CPU_USAGE), Column.NAME);
        assertThat(Column.list("all")).isEqualTo(Column.ALL);
        assertThatThrownBy(() -> Column.list("cpu,foo"))
                .hasMessageStartingWith("column: 'foo' (expected: one of uid, name, ");
    }
}
