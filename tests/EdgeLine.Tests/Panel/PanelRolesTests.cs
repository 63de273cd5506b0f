using EdgeLine.Service.Panel;
using EdgeLine.Service.People;

namespace EdgeLine.Tests.Panel;

/// <summary>Who may do what, written down a second time.</summary>
public class PanelRolesTests
{
    [Theory]
    [InlineData(Roles.Operator, "start pause resume end clearance rework replacement roll-changed scanner-check scanner-check-end reprint-off acknowledge void first-article look")]
    [InlineData(Roles.Quality, "start pause resume end clearance rework replacement roll-changed scanner-check scanner-check-end reprint-off acknowledge void first-article first-article-judged sample void-verified clearance-anyway unlock shelve unshelve look")]
    [InlineData(Roles.Maintenance, "pause roll-changed scanner-check scanner-check-end reprint-off acknowledge unlock shelve unshelve apply look")]
    public void A_role_may_exactly_this(Roles role, string actions)
    {
        var person = new Person("li", "Li", role, null, null);
        Assert.Equal(actions.Split(' ').Order(), PanelRoles.AllowedTo(person, hasPeople: true).Order());
        Assert.All(PanelRoles.Actions.Except(actions.Split(' ')), action => Assert.Equal("role-missing", PanelRoles.Refusal(action, person, true)));
    }

    [Fact]
    public void Nobody_may_anything_where_people_are_known()
    {
        Assert.All(PanelRoles.Actions, action => Assert.Equal("needs-sign-in", PanelRoles.Refusal(action, null, hasPeople: true)));
    }

    [Fact]
    public void Where_no_people_are_known_whoever_stands_there_is_an_operator_and_no_supervisor()
    {
        string[] supervisor = ["sample", "void-verified", "clearance-anyway", "unlock", "shelve", "unshelve"];
        Assert.All(PanelRoles.Actions, action => Assert.Equal(
            supervisor.Contains(action) ? "needs-sign-in" : "", PanelRoles.Refusal(action, null, hasPeople: false)));
    }
}
