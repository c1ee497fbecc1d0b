import OrreryFindings

extension Source {
  /// Training at order 1/n.
  public static let finiteWidthDynamics = Source(
    key: "finite-width-dynamics", title: "training at order 1/n",
    statement:
      "E z = z_∞ + M/n with dM/dt = −ΘM − J; J from the mean of the tangent kernel (H1), its fluctuation (A, B) and its motion "
      + "(P, Q; R, S, T, U); exact to order 1/n",
    publications: [.dyer2020asymptotics, .huang2020dynamics, .roberts2022principles.at("chapter ∞")])
}
