// SPDX-License-Identifier: Apache-2.0
/** Export and import of the long-term history. They use Redis, not the HTTP API. */
@NullMarked
package io.tacho.cli.history;

import org.jspecify.annotations.NullMarked;
