package org.voco4j.engine.store;

/**
 * Something in a file that is not read: an object of a class that is no plain container, bytes, or a tensor of a number
 * format that we do not have.
 *
 * @param name what it is, such as {@code torch.optim.adamw.AdamW}
 */
public record Opaque(String name) {
    @Override
    public String toString() {
        return name;
    }
}
