// SPDX-License-Identifier: Apache-2.0
/**
 * The agent in a Spring Boot application: started with it, configured by {@code tacho.*}, and visible as health and metrics.
 */
@NullMarked
package io.tacho.spring;

import org.jspecify.annotations.NullMarked;
