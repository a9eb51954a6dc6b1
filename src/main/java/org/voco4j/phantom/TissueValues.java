package org.voco4j.phantom;

/**
 * The Hounsfield units of one scan's tissues: native ones plus what the contrast agent adds in the phase of the scan.
 *
 * @param fat around −105
 * @param muscle around 55
 * @param bone around 300
 * @param lung around −850
 */
record TissueValues(
        double fat,
        double muscle,
        double bone,
        double lung,
        double liver,
        double spleen,
        double kidney,
        double heart,
        double aorta,
        double vein,
        double wall) {

    /** Rows: native HU, and what the arterial and the portal venous phase add. */
    private static final double[][] TABLE = {
        {58, 12, 50}, // liver
        {48, 65, 70}, // spleen
        {32, 120, 150}, // kidney
        {42, 160, 85}, // heart
        {42, 240, 110}, // aorta
        {40, 10, 100}, // veins
        {35, 25, 35} // wall of stomach and bowel
    };

    static TissueValues draw(PhantomRandom draws) {
        double phase = draws.uniform(0, 1);
        int column = phase < 0.3 ? 0 : phase < 0.55 ? 1 : 2;
        double dose = draws.uniform(0.7, 1.25);
        double[] hu = new double[TABLE.length];
        for (int i = 0; i < hu.length; i++) {
            hu[i] = TABLE[i][0] + draws.normal(6);
            hu[i] += column == 0 ? 0 : TABLE[i][column] * dose * draws.uniform(0.85, 1.15);
        }
        double fatty = draws.chance(0.2) ? draws.uniform(15, 45) : 0;
        return new TissueValues(
                -105 + draws.normal(8),
                55 + draws.normal(7) + (column == 0 ? 0 : 8),
                330 + draws.normal(70),
                -850 + draws.normal(40),
                hu[0] - fatty,
                hu[1],
                hu[2],
                hu[3],
                hu[4],
                hu[5],
                hu[6]);
    }
}
