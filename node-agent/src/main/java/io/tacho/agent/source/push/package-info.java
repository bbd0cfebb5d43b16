// SPDX-License-Identifier: Apache-2.0
/** The source that is any script which can send an HTTP request. */
@NullMarked
package io.tacho.agent.source.push;

import org.jspecify.annotations.NullMarked;
