/// What a case is to reach.
struct Target {
  /// The peer's time over ours, of wall and of processor times.
  var ratio: Double?
  /// Of the machine's product limit.
  var share: Double?
}
