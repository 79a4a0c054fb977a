import time
import pytest
from tests.admin.test_pages import *
@pytest.mark.django_db
def test_measure(admin_client):
    warm()
    for model in REGISTERED:
        row=[MAKERS[model]() for _ in range(1 if model is Portal else 3)][-1]
        l = "-" if model is Portal else queries(admin_client,url_of(model,"changelist"))
        t=time.time(); c=queries(admin_client,url_of(row,"change")); t=time.time()-t
        try: a=queries(admin_client,url_of(model,"add"))
        except AssertionError: a="-"
        print("Q",model._meta.label,"list",l,"add",a,"change",c,f"{t*1000:.0f}ms")
    for make in [organisation_with,partnership_with,strategy_with,local_care_network_with,satellite_site_with,buddying_with,metric_with]:
        r=make(30); url=url_of(r,"change"); t=time.time(); n=queries(admin_client,url); t=time.time()-t
        from tests.admin.conftest import save, boxes
        data=boxes(admin_client.get(url))
        with CaptureQueriesContext(connection) as cap:
            t2=time.time(); resp=admin_client.post(url,data); t2=time.time()-t2
        print("Q30",make.__name__,n,f"{t*1000:.0f}ms","POST unchanged",resp.status_code,len(cap),f"{t2*1000:.0f}ms")
    OrganisationFactory.create_batch(100)
    ProgrammeFactory.create_batch(100)
    for m in (Organisation,Programme): print("Q100",m.__name__,queries(admin_client,url_of(m,"changelist")))
