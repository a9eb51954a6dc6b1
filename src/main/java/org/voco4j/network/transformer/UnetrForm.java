package org.voco4j.network.transformer;

/**
 * The sizes of a {@link Unetr}.
 *
 * @param features f, channels of its finest map
 * @param hidden h, numbers of a token
 * @param perceptron hidden numbers of the perceptron in a transformer block
 * @param heads of the attention, which share out the h numbers
 */
public record UnetrForm(int features, int hidden, int perceptron, int heads) {
    /** As published: ViT-B/16 and f = 16. */
    public static final UnetrForm BASE = new UnetrForm(16, 768, 3072, 12);

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1, or the heads cannot share the numbers of a token out evenly
     */
    public UnetrForm {
        if (features < 1 || hidden < 1 || perceptron < 1 || heads < 1) {
            throw new IllegalArgumentException("the sizes of a UNETR are 1 or more, not features " + features
                    + ", hidden " + hidden + ", perceptron " + perceptron + ", heads " + heads);
        }
        if (hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "the hidden size of a UNETR must be a multiple of its " + heads + " heads, not " + hidden);
        }
    }
}
