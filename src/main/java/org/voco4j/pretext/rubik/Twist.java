package org.voco4j.pretext.rubik;

import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Shape3;

/** How a piece is turned: by 180 degrees about x (y and z reversed), about z (x and y reversed), or not at all; never about both. */
enum Twist {
    X(8),
    Z(2),
    NONE(0);

    private final int turn;

    Twist(int turn) {
        this.turn = turn;
    }

    /** About x below a third, about z below two, else none. */
    static Twist of(double uniform) {
        return uniform < 1.0 / 3 ? X : uniform < 2.0 / 3 ? Z : NONE;
    }

    /** The turned piece, a copy. */
    float[] apply(float[] piece, Shape3 shape) {
        return Turn.of(piece, shape, turn);
    }
}
