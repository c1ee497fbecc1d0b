import Testing

/// The groups that suites form. A suite without one of these tags is exact: it compares numbers with bounds that are derived, takes
/// seconds at most, and is run while one works (`make check`). The others run one suite after another, so that their times mean something.
extension Tag {
  /// Ensembles of real networks or chains, or many samples: bounds are standard errors.
  @Tag public static var statistical: Self
  /// Laws, at the budgets that tests can afford.
  @Tag public static var law: Self
  /// Starts processes, such as the command itself.
  @Tag public static var process: Self
}
