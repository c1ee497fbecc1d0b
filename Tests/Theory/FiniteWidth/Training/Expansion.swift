/// Whether `value` is x + c/n but for rounding.
///
/// It may have been computed by a quotient or by c · (1/n), by a fused sum or not: at most three roundings, each of at most
/// u (|x| + |c|/n), and as many on this side: 6u(|x| + |c|/n), with 1 % for terms in u².
func isExpansion(_ value: Double, _ x: Double, _ c: Double, width: Double) -> Bool {
  abs(value - (x + c / width)) <= 6.06 * 0x1p-53 * (abs(x) + abs(c) / width)
}
