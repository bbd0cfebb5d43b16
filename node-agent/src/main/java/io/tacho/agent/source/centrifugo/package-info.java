// SPDX-License-Identifier: Apache-2.0
/** The source that is a Centrifugo, v3 to v6, read by its {@code /metrics}. */
@NullMarked
package io.tacho.agent.source.centrifugo;

import org.jspecify.annotations.NullMarked;
