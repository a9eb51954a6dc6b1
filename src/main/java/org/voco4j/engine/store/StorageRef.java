package org.voco4j.engine.store;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.DType;

/**
 * What a pickle says of a storage: a part of it, or all.
 *
 * @param key the storage's name in the file
 * @param className of the storage, with module
 * @param type of its numbers; null if we do not have it, or if it is bytes whose tensors say it themselves
 * @param width bytes per number, 0 if unknown
 * @param start the first number that is meant
 * @param count how many numbers
 */
record StorageRef(String key, String className, @Nullable DType type, int width, long start, long count) {}
